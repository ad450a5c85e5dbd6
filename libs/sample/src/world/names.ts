/** Common French first names, of women then of men: none stands for a person. */
export const FIRST_NAMES: readonly string[] =
  `Adèle Agathe Alice Amandine Anaïs Aurélie Béatrice Camille Caroline Céline Charlotte Chloé Claire
  Clémence Constance Coralie Delphine Élise Élodie Emma Estelle Fanny Florence Gabrielle Hélène Inès
  Isabelle Jade Jeanne Julie Juliette Laetitia Laura Léa Louise Lucie Madeleine Manon Margaux Marie
  Marion Mathilde Mélanie Nadia Nathalie Nina Océane Pauline Rose Sabrina Salomé Sandrine Sarah Sophie
  Stéphanie Valérie Victoire Yasmine Zoé Adrien Alexandre Antoine Arthur Aurélien Baptiste Benoît
  Bruno Cédric Clément Damien David Didier Étienne Fabien Fabrice Florian Franck Gaël Gaspard Gilles
  Grégoire Guillaume Hugo Ismaël Jérôme Jonathan Julien Karim Kévin Laurent Léo Loïc Louis Lucas Marc
  Martin Mathieu Maxime Mehdi Mickaël Nathan Nicolas Noah Olivier Pascal Paul Philippe Pierre Quentin
  Raphaël Rémi Romain Samuel Sébastien Simon Théo Thibault Thomas Timothée Tristan Valentin Vincent
  Xavier Yann Yves`.split(/\s+/);

/** Common French surnames. */
export const LAST_NAMES: readonly string[] =
  `Adam Arnaud Aubert Bailly Barbier Baron Benoit Berger Bernard Bertrand Blanc Blanchard Bonnet
  Boucher Boulanger Bourgeois Boyer Breton Brun Brunet Caron Carpentier Charpentier Chevalier Clement
  Colin Collet Cordier Cousin Dubois Dufour Dumas Dupont Dupuis Durand Duval Faure Fernandez Fleury
  Fontaine Fournier Gaillard Garcia Garnier Gautier Gauthier Gérard Germain Girard Giraud Guérin
  Guillot Hamon Henry Hubert Jacob Jacquet Joly Klein Lambert Lecomte Leclerc Lefebvre Legrand
  Lemaire Lemoine Leroux Leroy Lévêque Lopez Louis Lucas Maillard Mallet Marchand Marie Martin
  Martinez Masson Mathieu Menard Mercier Meunier Meyer Michel Millet Moreau Morel Morin Moulin Muller
  Nguyen Noël Olivier Paris Pelletier Perrin Perrot Petit Philippe Picard Pierre Poirier Renard
  Renaud Rey Richard Riviere Robert Robin Roche Roger Rolland Rousseau Roussel Roux Roy Royer
  Schmitt Simon Thomas Vasseur Vidal Vincent`.split(/\s+/);

/** Towns of mainland France, with the first three digits of a postal code. */
export const TOWNS: readonly (readonly [name: string, postcode: string])[] = [
  ['Paris', '75011'],
  ['Lyon', '69003'],
  ['Marseille', '13006'],
  ['Toulouse', '31000'],
  ['Nantes', '44000'],
  ['Lille', '59000'],
  ['Bordeaux', '33000'],
  ['Rennes', '35000'],
  ['Strasbourg', '67000'],
  ['Grenoble', '38000'],
  ['Dijon', '21000'],
  ['Angers', '49000'],
  ['Tours', '37000'],
  ['Clermont-Ferrand', '63000'],
  ['Brest', '29200'],
  ['Annecy', '74000'],
];

/** Kinds of business that buy homeware by the lot, and what they may be called. */
export const COMPANY_KINDS: readonly string[] = [
  'Hôtel',
  'Auberge',
  'Brasserie',
  'Atelier',
  'Librairie',
  'Domaine',
  'Salon de thé',
  'Maison d’hôtes',
  'Studio',
  'Agence',
];
/** Made-up second halves of company names. */
export const COMPANY_NAMES: readonly string[] = [
  'des Trois Lampions',
  'du Verger Clair',
  'de la Lune Bleue',
  'des Sept Fontaines',
  'du Chat Perché',
  'de l’Étang Doré',
  'des Herbes Folles',
  'du Grand Tilleul',
  'de la Rivière Sage',
  'des Quatre Saisons d’Ambre',
  'du Phare Blanc',
  'de la Colline Verte',
];

/** ASCII lower case, for the local part of an address. */
export function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '-');
}
