import { type Static, Type } from 'typebox'
import { Text } from '#kit/schemas'
import type { NewArticle } from '#modules/catalogue'
import { STANDARD, TaxClassCode } from '#modules/tax'

/** What staff sells that the catalogue does not have, as a request says it. */
export const CustomInput = Type.Object(
  {
    title: Text(200),
    sku: Type.Optional(Text(100, { description: 'CUSTOM, unless it has one of its own.' })),
    tax_class: Type.Optional(TaxClassCode),
    requires_shipping: Type.Optional(
      Type.Boolean({ default: true, description: 'False for a service: nothing is sent.' }),
    ),
    weight_grams: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
  },
  { description: 'What is sold once and stands in no catalogue, at the `unit_price` beside it.' },
)
export type CustomInput = Static<typeof CustomInput>

/** The article that it becomes. */
export const articleOf = (said: CustomInput): NewArticle => ({
  title: said.title,
  sku: said.sku ?? 'CUSTOM',
  tax_class: said.tax_class ?? STANDARD,
  requires_shipping: said.requires_shipping ?? true,
  weight_grams: said.weight_grams ?? null,
})
