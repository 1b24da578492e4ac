import type { Family, FamilyOption } from './family.ts'

const BAG: FamilyOption = { name: 'Size', choices: ['250 g', ['1 kg', 3.5, 4]] }
const GRIND: FamilyOption = { name: 'Grind', choices: ['Whole bean', 'Filter', 'Espresso'] }
const FINISH: FamilyOption = {
  name: 'Colour',
  choices: ['Matt black', 'Brushed steel', 'Chalk', 'Copper'],
  take: 3,
}

export const COFFEE: readonly Family[] = [
  {
    code: 'COF',
    tags: ['coffee', 'single-origin'],
    brands: ['Ember Lane'],
    grams: 270,
    mm: [80, 60, 190],
    options: [BAG, GRIND],
    notes: [
      'Roasted on Mondays and Thursdays; the roast date is stamped on the back of the bag.',
      'Best from one to six weeks after the roast. The bag goes in the food-waste bin.',
    ],
    season: 'even',
    demand: 3.2,
    consumable: true,
    products: [
      ['Yirgacheffe Kochere', 1450, 'Jasmine, bergamot and lemon, washed and sun-dried slowly.'],
      ['Huila Las Brisas', 1350, 'Red apple and panela from eleven small farms above Pitalito.'],
      ['Nyeri Peaberry', 1650, 'Blackcurrant and brown sugar; small round beans, a loud cup.'],
      [
        'Antigua Los Robles',
        1400,
        'Cocoa, orange peel and a clean finish, grown in volcanic soil.',
      ],
      ['Lintong Wet-Hulled', 1300, 'Cedar, dark chocolate and very little acidity.'],
      ['Kayanza Natural', 1550, 'Dried on raised beds until it tastes of strawberry and cream.'],
      [
        'Gesha Finca Alto',
        2800,
        'Forty bags a year, floral and tea-like, bought at auction from one plot.',
        { options: [GRIND], tags: ['limited'] },
      ],
    ],
  },
  {
    code: 'BLD',
    tags: ['coffee', 'blend'],
    brands: ['Ember Lane', 'Harbour & Pine'],
    grams: 270,
    mm: [80, 60, 190],
    options: [BAG, { ...GRIND, choices: ['Whole bean', 'Espresso'] }],
    notes: [
      'We taste every batch before it leaves, and send none that we would not drink.',
      'Made to taste the same all year, whichever harvest is in the hopper.',
    ],
    season: 'even',
    demand: 4,
    consumable: true,
    products: [
      ['Breakwater Espresso', 1200, 'Hazelnut, treacle and a thick crema: the house espresso.'],
      ['Slow Morning', 1150, 'A medium roast for the big pot: milk chocolate and toasted oats.'],
      ['Lamplighter Dark', 1150, 'Roasted past the second crack for those who like it smoky.'],
      ['Half Light', 1250, 'Half decaffeinated, all flavour, for the cup after lunch.'],
      ['Evensong Decaf', 1300, 'Decaffeinated with spring water; plum and cocoa remain.'],
      [
        'Midwinter Blend',
        1350,
        'Clove, orange and dark fruit. Roasted from November until it is gone.',
        { tags: ['seasonal'], note: 'Never the same two years running.' },
      ],
    ],
  },
  {
    code: 'TEA',
    tags: ['tea'],
    brands: ['Leafwright'],
    grams: 130,
    mm: [80, 80, 120],
    options: [{ name: 'Size', choices: ['Pouch 75 g', ['Tin 125 g', 1.7, 1.9]] }],
    notes: [
      'Two teaspoons a pot, and a second steep from the same leaves.',
      'Whole leaf, packed by hand. The tin refills from any pouch.',
    ],
    season: 'cold',
    demand: 1.6,
    consumable: true,
    products: [
      ['Harbour Breakfast', 950, 'Assam and Kenyan leaf, brisk enough to stand up to milk.'],
      [
        'Smoked Pine Souchong',
        1200,
        'Dried over pine fires; a little goes into our own gravy, too.',
      ],
      [
        'First Flush Darjeeling',
        1550,
        'Picked in March: green almonds, muscatel, a pale gold cup.',
      ],
      ['Sencha Asanoka', 1300, 'Steamed the day it is picked; brew it at 70 °C and not for long.'],
      ['Bergamot Grey', 1050, 'Real bergamot oil on a Ceylon leaf that does not hide behind it.'],
      ['Garden Mint & Verbena', 900, 'No tea in it at all: two leaves, cut coarse, very green.'],
      ['Orchard Rooibos', 900, 'Dried apple, quince and rooibos, naturally free of caffeine.'],
    ],
  },
  {
    code: 'BRW',
    tags: ['coffee', 'brewing'],
    brands: ['Pourwell'],
    grams: 420,
    mm: [140, 120, 110],
    options: [{ name: 'Size', choices: ['1–2 cups', ['3–4 cups', 1.25, 1.4]] }],
    notes: [
      'Every part is sold as a spare, and kept for ten years.',
      'Comes with the recipe that we use ourselves.',
    ],
    season: 'even',
    demand: 1.2,
    products: [
      [
        'Ridge Dripper',
        2600,
        'A stoneware cone with spiral ribs that keep the paper off the wall.',
        { brand: 'Kilnhaven', note: 'Comes with forty unbleached papers.' },
      ],
      [
        'Flat-Bed Dripper',
        3200,
        'Three small holes and a flat bed: an even pour forgives a lot.',
        {
          brand: 'Kilnhaven',
          note: 'Comes with forty unbleached papers and the recipe that we use ourselves.',
        },
      ],
      [
        'Cellar Cold Brewer',
        4400,
        'Steeps overnight in the fridge door and pours without drips.',
        {
          options: [{ name: 'Size', choices: ['600 ml', ['1 l', 1.2, 1.3]] }],
          mm: [110, 110, 280],
        },
      ],
      ['Press No. 4', 4900, 'A double-walled press with a mesh fine enough to skip the sludge.'],
      ['Stovetop Moka', 3600, 'Cast aluminium with a walnut handle that stays cool.'],
      ['Travel Press', 3400, 'Brews, filters and pours in a train seat.', { options: [] }],
    ],
  },
  {
    code: 'KTL',
    tags: ['coffee', 'kettles'],
    brands: ['Pourwell'],
    grams: 1150,
    mm: [290, 170, 210],
    options: [FINISH],
    notes: [
      'Two-year guarantee; lids and handles are sold as spares.',
      'The handle is balanced for a full kettle, not for an empty one.',
    ],
    season: 'gift',
    demand: 0.9,
    products: [
      ['Heron Gooseneck Kettle', 6800, 'A thin spout that pours one slow thread. For gas and hob.'],
      [
        'Heron Electric Kettle',
        12900,
        'Holds any temperature from 40 to 100 °C for half an hour.',
        { grams: 1650 },
      ],
      [
        'Teahouse Kettle',
        6200,
        'A squat enamel pot with a basket, from hob to table.',
        { brand: 'Copperleaf' },
      ],
      [
        'Galley Kettle',
        5900,
        'A wide-based whistler that sits still on a small stove.',
        { brand: 'Copperleaf' },
      ],
      [
        'Tetsu Iron Teapot',
        8400,
        'Cast iron, enamelled inside, with a steel basket for leaves.',
        { options: [{ name: 'Colour', choices: ['Black', 'Sea green'] }] },
      ],
    ],
  },
  {
    code: 'GRN',
    tags: ['coffee', 'grinders'],
    brands: ['Pourwell'],
    grams: 620,
    mm: [70, 70, 190],
    options: [{ ...FINISH, choices: ['Matt black', 'Brushed steel'] }],
    notes: [
      'Burrs are hardened steel and come out without tools for cleaning.',
      'Sixty clicks from Turkish to French press; we print our favourites on the lid.',
    ],
    season: 'gift',
    demand: 0.8,
    products: [
      ['Quern Hand Grinder', 8900, 'Twenty grams in forty seconds, with hardly any effort.'],
      [
        'Quern Mini',
        6400,
        'The same burrs, cut down to fit inside a travel press.',
        { grams: 410 },
      ],
      [
        'Millrace Electric Grinder',
        24900,
        'Grinds by weight, stops by itself.',
        { grams: 3400, mm: [180, 130, 340] },
      ],
      [
        'Pocket Scale',
        4500,
        'Weighs to 0.1 g, counts the seconds, shrugs off a spill.',
        {
          grams: 310,
          mm: [150, 90, 22],
          note: 'Charges by USB; a full charge lasts a month of mornings.',
        },
      ],
      [
        'Tamper 58',
        3900,
        'A level base and a stop collar: the same puck every time.',
        { mm: [60, 60, 95], note: 'Fits any 58 mm basket; the handle is turned from ash.' },
      ],
    ],
  },
]
