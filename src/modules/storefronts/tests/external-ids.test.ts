import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '#kit/ids'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import {
  entityOf,
  linkExternal,
  publicIdOf,
  publicIdsOf,
  unlinkExternal,
} from '../external-ids/external-ids.ts'

const PRODUCTS = { face: 'ecommerce', kind: 'product' }

onEveryEngine('external ids', (engine) => {
  it('give a thing one name, however many ask for it at once', async () => {
    await using house = await openHouse(engine)
    const entity_ids = Array.from({ length: 30 }, () => newId('entity', Date.now()))
    const crowd = await Promise.all(
      [1, 2, 3, 4].map((nth) =>
        transactAsSystem(
          house.app,
          (ctx) =>
            publicIdsOf(ctx, {
              ...PRODUCTS,
              entity_ids: nth % 2 ? entity_ids : entity_ids.toReversed(),
            }),
          'read committed',
        ),
      ),
    )
    for (const id of entity_ids) {
      assert.match(crowd[0]?.get(id) ?? '', /^prd_[0-9a-f]{10}$/)
      assert.equal(new Set(crowd.map((names) => names.get(id))).size, 1)
    }
    assert.equal(new Set(crowd[0]?.values()).size, 30)
  })

  it('lead back to the thing on their own face alone', async () => {
    await using house = await openHouse(engine)
    const entity_id = newId('entity', Date.now())
    const public_id = await transactAsSystem(house.app, (ctx) =>
      publicIdOf(ctx, { ...PRODUCTS, entity_id }),
    )
    const meant = (face: string, kind: string) =>
      readAsSystem(house.app, (ctx) => entityOf(ctx, { face, kind, public_id }))
    assert.equal(await meant('ecommerce', 'product'), entity_id)
    assert.equal(await meant('ecommerce', 'order'), undefined)
    assert.equal(await meant('shop', 'product'), undefined)
    // Nothing of the entity's own id is in it: that would tell when it was made.
    assert.ok(!entity_id.includes(public_id.slice(4, 12)))
  })

  it('take a name that the other side gave, once', async () => {
    await using house = await openHouse(engine)
    const [one, other] = [newId('entity', Date.now()), newId('entity', Date.now())]
    const link = (public_id: string, entity_id: string) =>
      transactAsSystem(house.app, (ctx) =>
        linkExternal(ctx, { face: 'woocommerce', kind: 'product', public_id, entity_id }),
      )
    await link('81', one)
    await link('81', one)
    await assert.rejects(link('81', other), { code: 'EXTERNAL_ID_LINKED' })
    await assert.rejects(link('82', one), { code: 'EXTERNAL_ID_LINKED' })
    const unlink = () =>
      transactAsSystem(house.app, (ctx) =>
        unlinkExternal(ctx, { face: 'woocommerce', kind: 'product', entity_id: one }),
      )
    assert.deepEqual([await unlink(), await unlink()], [true, false])
    await link('81', other)
  })

  it('are told to staff over REST', async () => {
    await using house = await openHouse(engine)
    const id = newId('entity', Date.now())
    const named = await house.ask('POST /api/v1/external-ids', { ...PRODUCTS, entity_ids: [id] })
    const [{ public_id }] = named.data.items
    const again = await house.ask('POST /api/v1/external-ids', { ...PRODUCTS, entity_ids: [id] })
    assert.equal(again.data.items[0].public_id, public_id)
    const resolved = await house.ask('POST /api/v1/external-ids/resolve', {
      ...PRODUCTS,
      public_ids: [public_id, 'prd_unknown000'],
    })
    assert.deepEqual(resolved.data.items, [{ entity_id: id, public_id }])
    const listed = await house.ask(`GET /api/v1/external-ids?entity_id=${id}`)
    assert.equal(listed.data.items[0].public_id, public_id)
    assert.equal((await house.ask('GET /api/v1/external-ids')).status, 400)
  })
})
