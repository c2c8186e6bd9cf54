// The catalogue of a wholesaler for clinics and practices. Names are everyday ones; brands, codes and prices are made up.
import { createRandom } from './random.mjs';

const BRANDS = ['Norvell', 'Medisan', 'Carewell', 'Hygea', 'Tessera', 'Lumacare'];

/** Families of articles that differ in a few attributes: what is close in name is close on the shelf. */
const FAMILIES = [
  {
    name: 'Examination gloves nitrile',
    group: 'gloves',
    parts: [
      ['powder-free', 'sterile'],
      ['size S', 'size M', 'size L', 'size XL'],
    ],
    packs: [100, 200],
    price: 7,
  },
  {
    name: 'Examination gloves latex',
    group: 'gloves',
    parts: [
      ['powder-free', 'powdered'],
      ['size S', 'size M', 'size L'],
    ],
    packs: [100],
    price: 6,
  },
  {
    name: 'Surgical gloves',
    group: 'gloves',
    parts: [
      ['latex-free', 'latex'],
      ['size 6.5', 'size 7', 'size 7.5', 'size 8'],
    ],
    packs: [50],
    price: 38,
  },
  {
    name: 'Syringe',
    group: 'syringes',
    parts: [
      ['2-piece', '3-piece luer lock'],
      ['2 ml', '5 ml', '10 ml', '20 ml', '50 ml'],
    ],
    packs: [100],
    price: 5.5,
  },
  {
    name: 'Insulin syringe',
    group: 'syringes',
    parts: [
      ['U-40', 'U-100'],
      ['0.5 ml', '1 ml'],
    ],
    packs: [100],
    price: 14,
  },
  {
    name: 'Hypodermic needle',
    group: 'needles',
    parts: [
      ['18G', '20G', '21G', '23G', '25G', '27G'],
      ['25 mm', '40 mm'],
    ],
    packs: [100],
    price: 3.2,
  },
  {
    name: 'Peripheral venous cannula',
    group: 'needles',
    parts: [
      ['with port', 'safety'],
      ['18G green', '20G pink', '22G blue'],
    ],
    packs: [50],
    price: 39,
  },
  {
    name: 'Gauze compress',
    group: 'dressings',
    parts: [
      ['sterile', 'non-sterile'],
      ['5 x 5 cm', '7.5 x 7.5 cm', '10 x 10 cm'],
      ['8-ply', '12-ply'],
    ],
    packs: [100],
    price: 6.5,
  },
  {
    name: 'Adhesive dressing',
    group: 'dressings',
    parts: [
      ['sensitive', 'waterproof', 'elastic'],
      ['4 cm x 5 m', '6 cm x 5 m', '8 cm x 5 m'],
    ],
    packs: [1],
    price: 4.2,
  },
  {
    name: 'Elastic bandage',
    group: 'dressings',
    parts: [
      ['short stretch', 'long stretch'],
      ['6 cm x 5 m', '8 cm x 5 m', '10 cm x 5 m', '12 cm x 5 m'],
    ],
    packs: [10],
    price: 21,
  },
  {
    name: 'Surgical mask',
    group: 'protection',
    parts: [
      ['type II', 'type IIR'],
      ['ear loop', 'tie-on'],
    ],
    packs: [50],
    price: 5,
  },
  {
    name: 'Respirator',
    group: 'protection',
    parts: [
      ['FFP2', 'FFP3'],
      ['with valve', 'without valve'],
    ],
    packs: [20],
    price: 17,
  },
  {
    name: 'Isolation gown',
    group: 'protection',
    parts: [
      ['25 g', '35 g'],
      ['blue', 'yellow'],
      ['size L', 'size XL'],
    ],
    packs: [10],
    price: 15,
  },
  {
    name: 'Skin disinfectant',
    group: 'disinfection',
    parts: [
      ['coloured', 'uncoloured'],
      ['250 ml', '500 ml', '1 l'],
    ],
    packs: [1],
    price: 8,
  },
  {
    name: 'Hand disinfectant gel',
    group: 'disinfection',
    parts: [
      ['classic', 'sensitive'],
      ['100 ml', '500 ml', '1 l', '5 l'],
    ],
    packs: [1],
    price: 7,
  },
  {
    name: 'Surface disinfectant wipes',
    group: 'disinfection',
    parts: [
      ['alcohol', 'alcohol-free'],
      ['tub', 'refill'],
    ],
    packs: [120],
    price: 9,
  },
  {
    name: 'Urine container',
    group: 'laboratory',
    parts: [
      ['with screw cap', 'sterile screw cap'],
      ['60 ml', '100 ml', '120 ml'],
    ],
    packs: [100, 250],
    price: 16,
  },
  {
    name: 'Blood collection tube',
    group: 'laboratory',
    parts: [
      ['EDTA', 'serum', 'citrate', 'heparin'],
      ['2 ml', '4 ml', '9 ml'],
    ],
    packs: [50, 100],
    price: 13,
  },
  {
    name: 'Sodium chloride 0.9 % infusion',
    group: 'solutions',
    parts: [
      ['bag', 'bottle'],
      ['100 ml', '250 ml', '500 ml', '1000 ml'],
    ],
    packs: [10, 20],
    price: 19,
  },
  {
    name: 'Glucose infusion',
    group: 'solutions',
    parts: [
      ['5 %', '10 %', '40 %'],
      ['100 ml', '500 ml'],
    ],
    packs: [10],
    price: 21,
  },
  {
    name: 'Paracetamol',
    group: 'medicines',
    parts: [
      ['tablets', 'suppositories'],
      ['125 mg', '250 mg', '500 mg'],
    ],
    packs: [10, 20],
    price: 3,
  },
  { name: 'Ibuprofen tablets', group: 'medicines', parts: [['200 mg', '400 mg', '600 mg']], packs: [20, 50], price: 5 },
  { name: 'Metamizole', group: 'medicines', parts: [['tablets 500 mg', 'ampoules 1 g', 'ampoules 2.5 g']], packs: [10, 50], price: 9 },
  {
    name: 'Lidocaine ampoules',
    group: 'medicines',
    parts: [
      ['1 %', '2 %'],
      ['5 ml', '10 ml'],
    ],
    packs: [10],
    price: 11,
  },
  {
    name: 'Morphine ampoules',
    group: 'controlled',
    parts: [
      ['10 mg', '20 mg'],
      ['1 ml', '2 ml'],
    ],
    packs: [5, 10],
    price: 14,
  },
  {
    name: 'Morphine tablets prolonged-release',
    group: 'controlled',
    parts: [['10 mg', '30 mg', '60 mg', '100 mg']],
    packs: [20, 50],
    price: 24,
  },
  { name: 'Hydromorphone ampoules', group: 'controlled', parts: [['2 mg', '10 mg'], ['1 ml']], packs: [5, 10], price: 22 },
  { name: 'Hydromorphone capsules prolonged-release', group: 'controlled', parts: [['4 mg', '8 mg', '16 mg']], packs: [20, 50], price: 41 },
  {
    name: 'Oxycodone tablets prolonged-release',
    group: 'controlled',
    parts: [['5 mg', '10 mg', '20 mg', '40 mg']],
    packs: [20, 50],
    price: 32,
  },
  {
    name: 'Fentanyl patch',
    group: 'controlled',
    parts: [['12 mcg/h', '25 mcg/h', '50 mcg/h', '75 mcg/h', '100 mcg/h']],
    packs: [5, 10],
    price: 37,
  },
  {
    name: 'Fentanyl ampoules',
    group: 'controlled',
    parts: [
      ['0.1 mg', '0.5 mg'],
      ['2 ml', '10 ml'],
    ],
    packs: [5, 10],
    price: 16,
  },
  {
    name: 'Midazolam ampoules',
    group: 'controlled',
    parts: [
      ['5 mg', '15 mg'],
      ['1 ml', '3 ml', '5 ml'],
    ],
    packs: [5, 10],
    price: 12,
  },
  {
    name: 'Diazepam',
    group: 'controlled',
    parts: [
      ['tablets', 'rectal tube'],
      ['5 mg', '10 mg'],
    ],
    packs: [5, 20],
    price: 6,
  },
];

/** Every combination of a family's attributes, in the pack sizes it comes in; `isSold` is false for what only others sell. */
export function createCatalogue(seed) {
  const random = createRandom(seed);
  const articles = [];
  for (const [number, family] of FAMILIES.entries()) {
    const base = family.price * random.between(0.8, 1.2);
    for (const attributes of combinations(family.parts)) {
      // Bigger and stronger costs more, with something that no rule explains.
      const size = base * random.between(0.75, 1.6);
      for (const pack of family.packs) {
        const price = Math.max(0.5, size * (pack / family.packs[0]) ** 0.9);
        const code = `${String(20 + number).padStart(2, '0')}-${String(1000 + random.below(9000))}`;
        const brand = random.pick(BRANDS);
        const isSold = random.chance(0.88);
        articles.push({ code, family: family.name, attributes, brand, pack, price: Number(price.toFixed(2)), group: family.group, isSold });
      }
    }
  }
  const codes = new Set();
  return articles.filter(({ code }) => !codes.has(code) && codes.add(code));
}

export function nameOf({ family, attributes }) {
  return [family, ...attributes].join(' ');
}

function combinations([first, ...rest]) {
  if (first === undefined) return [[]];
  return first.flatMap((value) => combinations(rest).map((others) => [value, ...others]));
}
