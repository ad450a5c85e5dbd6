/** Something Maison Lumen sells. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  /** Euros, VAT included. */
  readonly price: number;
}

const SHELVES: Readonly<Record<string, readonly (readonly [name: string, price: number])[]>> = {
  luminaires: [
    ['Lampe de table Aube', 59.9],
    ['Suspension en rotin Nacelle', 89],
    ['Applique laiton Éclipse', 74.5],
    ['Lampadaire arc Brume', 149],
    ['Guirlande guinguette 10 m', 34.9],
    ['Liseuse pince Plume', 29.9],
  ],
  bougies: [
    ['Bougie figuier 180 g', 24.9],
    ['Bougie feu de bois 180 g', 24.9],
    ['Coffret trois bougies', 49],
    ['Photophore verre soufflé', 18.5],
    ['Diffuseur fleur d’oranger', 32],
  ],
  textile: [
    ['Plaid laine bouclée', 79],
    ['Coussin lin lavé 45 cm', 27.5],
    ['Parure de lit percale', 99],
    ['Rideau lin ocre', 54.9],
    ['Tapis berbère 160 × 230', 189],
    ['Torchons, lot de trois', 16.9],
  ],
  vaisselle: [
    ['Assiettes grès, lot de six', 66],
    ['Tasses émaillées, lot de quatre', 38],
    ['Carafe verre recyclé', 22.5],
    ['Saladier olivier', 45],
    ['Couverts inox brossé, 24 pièces', 84],
  ],
  rangement: [
    ['Panier jacinthe', 29.5],
    ['Étagère murale chêne', 69],
    ['Boîtes métal, lot de trois', 25.9],
    ['Patère céramique', 14.9],
    ['Vide-poches marbre', 19.9],
  ],
};

/** The shop's catalogue. */
export const PRODUCTS: readonly Product[] = Object.entries(SHELVES).flatMap(([category, items]) =>
  items.map(([name, price], index) => ({
    sku: `${category.slice(0, 3).toUpperCase()}-${String(index + 1).padStart(2, '0')}`,
    name,
    category,
    price,
  })),
);
