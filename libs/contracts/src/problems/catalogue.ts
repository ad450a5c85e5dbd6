import type { LocalText } from '#libs/kernel';

/** One kind of problem; `{name}` in a text is filled in from the problem's parameters. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  readonly hint: LocalText;
}

const error = (entry: Omit<CatalogueEntry, 'severity'>): CatalogueEntry => ({
  severity: 'error',
  ...entry,
});
const warning = (entry: Omit<CatalogueEntry, 'severity'>): CatalogueEntry => ({
  severity: 'warning',
  ...entry,
});

/**
 * Every problem a workspace can have, by code. 10xx reading a file, 11xx its shape, 12xx scenarios,
 * 13xx names, 14xx templates and texts, 15xx expressions, 16xx the other kinds. A code is never
 * given to another problem.
 */
export const CATALOGUE = {
  'RLN-1001': error({
    message: {
      fr: 'Ce fichier n’est pas du YAML lisible : {detail}.',
      en: 'This file is not readable YAML: {detail}.',
    },
    hint: {
      fr: 'Vérifiez l’indentation, les guillemets et les deux-points suivis d’une espace.',
      en: 'Check the indentation, the quotes, and the space after each colon.',
    },
  }),
  'RLN-1002': error({
    message: {
      fr: 'Ce fichier pèse {size} Ko ; la limite est {limit} Ko.',
      en: 'This file is {size} KB; the limit is {limit} KB.',
    },
    hint: { fr: 'Découpez-le en plusieurs fichiers.', en: 'Split it into several files.' },
  }),
  'RLN-1003': error({
    message: {
      fr: 'L’imbrication dépasse {limit} niveaux.',
      en: 'The nesting is deeper than {limit} levels.',
    },
    hint: {
      fr: 'Un scénario lisible n’en a pas besoin : sortez une partie dans un autre scénario.',
      en: 'A readable scenario needs no such depth: move a part to another scenario.',
    },
  }),
  'RLN-1004': error({
    message: {
      fr: 'Ce fichier n’est pas du texte UTF-8.',
      en: 'This file is not UTF-8 text.',
    },
    hint: {
      fr: 'Enregistrez-le en UTF-8 sans caractère de contrôle.',
      en: 'Save it as UTF-8 without control characters.',
    },
  }),
  'RLN-1005': error({
    message: { fr: 'La clé « {key} » figure deux fois.', en: 'The key "{key}" appears twice.' },
    hint: { fr: 'Gardez une seule des deux.', en: 'Keep one of the two.' },
  }),
  'RLN-1006': error({
    message: {
      fr: 'Les ancres, alias et étiquettes YAML (&, *, !) ne sont pas admis.',
      en: 'YAML anchors, aliases and tags (&, *, !) are not allowed.',
    },
    hint: {
      fr: 'Écrivez la valeur en toutes lettres, entre guillemets si elle commence par ces signes.',
      en: 'Write the value out, in quotes if it begins with one of these signs.',
    },
  }),
  'RLN-1007': error({
    message: { fr: 'Ce fichier est vide.', en: 'This file is empty.' },
    hint: { fr: 'Supprimez-le ou remplissez-le.', en: 'Remove it or fill it in.' },
  }),
  'RLN-1008': error({
    message: {
      fr: 'Ce fichier contient plus de {limit} valeurs.',
      en: 'This file holds more than {limit} values.',
    },
    hint: { fr: 'Découpez-le en plusieurs fichiers.', en: 'Split it into several files.' },
  }),
  'RLN-1009': error({
    message: {
      fr: 'Un fichier ne décrit qu’une chose ; celui-ci contient plusieurs documents.',
      en: 'A file describes one thing; this one holds several documents.',
    },
    hint: {
      fr: 'Faites un fichier de chaque partie séparée par « --- ».',
      en: 'Make a file of each part separated by "---".',
    },
  }),
  'RLN-1101': error({
    message: {
      fr: 'La clé « {key} » n’existe pas ici.',
      en: 'There is no key "{key}" here.',
    },
    hint: { fr: 'Clés possibles : {known}.', en: 'Possible keys: {known}.' },
  }),
  'RLN-1102': error({
    message: { fr: 'Il manque « {key} ».', en: '"{key}" is missing.' },
    hint: { fr: 'Attendu : {expected}.', en: 'Expected: {expected}.' },
  }),
  'RLN-1103': error({
    message: {
      fr: '« {path} » ne convient pas : {found}.',
      en: '"{path}" will not do: {found}.',
    },
    hint: { fr: 'Attendu : {expected}.', en: 'Expected: {expected}.' },
  }),
  'RLN-1104': error({
    message: {
      fr: 'Ce fichier n’est d’aucune sorte connue ({path}).',
      en: 'This file is of no known kind ({path}).',
    },
    hint: {
      fr: 'Un scénario commence par « scenario: » ; actions, segments, événements, modèles, imports et CRM ont leur dossier.',
      en: 'A scenario begins with "scenario:"; actions, segments, events, templates, mappings and CRM have folders.',
    },
  }),
  'RLN-1105': error({
    message: {
      fr: '« {key} » n’est pas une étape connue.',
      en: '"{key}" is not a known step.',
    },
    hint: { fr: 'Étapes possibles : {known}.', en: 'Possible steps: {known}.' },
  }),
  'RLN-1106': error({
    message: {
      fr: 'Il manque le fichier {file}.',
      en: 'The file {file} is missing.',
    },
    hint: {
      fr: '« relance init » en écrit un qui convient.',
      en: '"relance init" writes one that will do.',
    },
  }),
  'RLN-1107': error({
    message: {
      fr: '{kind} « {id} » existe déjà dans {other}.',
      en: '{kind} "{id}" exists already in {other}.',
    },
    hint: { fr: 'Donnez-lui un autre nom.', en: 'Give it another name.' },
  }),
  'RLN-1108': error({
    message: {
      fr: 'L’espace de travail contient plus de {limit} fichiers.',
      en: 'The workspace holds more than {limit} files.',
    },
    hint: {
      fr: 'Sortez-en ce qui ne configure pas Relance.',
      en: 'Move out what does not configure Relance.',
    },
  }),
  'RLN-1201': error({
    message: {
      fr: '« {key} » n’est pas encore disponible.',
      en: '"{key}" is not yet available.',
    },
    hint: {
      fr: 'Il viendra dans une version suivante ; d’ici là, retirez-le.',
      en: 'A later version will have it; until then, take it out.',
    },
  }),
  'RLN-1202': error({
    message: {
      fr: 'Cette étape ne peut jamais être atteinte.',
      en: 'This step can never be reached.',
    },
    hint: {
      fr: 'Ce qui précède se termine toujours avant elle : supprimez-la ou déplacez-la.',
      en: 'What comes before always ends first: remove it or move it.',
    },
  }),
  'RLN-1203': error({
    message: {
      fr: 'Le scénario n’a pas de fin après cette étape.',
      en: 'The scenario has no end after this step.',
    },
    hint: {
      fr: 'Terminez la liste « steps » par « exit: done » (ou un autre nom).',
      en: 'End the list "steps" with "exit: done" (or another name).',
    },
  }),
  'RLN-1204': error({
    message: {
      fr: 'Deux étapes s’appellent « {id} ».',
      en: 'Two steps are called "{id}".',
    },
    hint: { fr: 'Donnez un autre « id » à celle-ci.', en: 'Give this one another "id".' },
  }),
  'RLN-1206': error({
    message: {
      fr: 'La récompense se mesure sur {window}, plus que l’âge limite {maxAge}.',
      en: 'The reward is measured over {window}, longer than max_age {maxAge}.',
    },
    hint: {
      fr: 'Raccourcissez « within » ou allongez « limits: max_age ».',
      en: 'Shorten "within" or lengthen "limits: max_age".',
    },
  }),
  'RLN-1207': error({
    message: {
      fr: '« {field}: {action} » ne figure pas parmi les actions de la décision.',
      en: '"{field}: {action}" is not among the decision’s actions.',
    },
    hint: { fr: 'Actions : {known}.', en: 'Actions: {known}.' },
  }),
  'RLN-1208': error({
    message: {
      fr: 'Cette livraison peut être atteinte sans passer par la décision « {decision} ».',
      en: 'This delivery can be reached without going through the decision "{decision}".',
    },
    hint: {
      fr: 'Placez-la après la décision, dans la même branche ou plus loin.',
      en: 'Put it after the decision, in the same branch or further on.',
    },
  }),
  'RLN-1209': error({
    message: {
      fr: 'La branche « otherwise » doit être la dernière, et il en faut une.',
      en: 'The branch "otherwise" must be the last one, and there must be one.',
    },
    hint: {
      fr: 'Terminez le « split » par « - otherwise: true ».',
      en: 'End the split with "- otherwise: true".',
    },
  }),
  'RLN-1210': error({
    message: {
      fr: 'Plusieurs déclencheurs : choisissez « on », « segment » ou « any ».',
      en: 'Choose one of "on", "segment" and "any".',
    },
    hint: {
      fr: 'Il en faut exactement un ; « any » est une liste de déclencheurs.',
      en: 'There must be exactly one; "any" is a list of triggers.',
    },
  }),
  'RLN-1212': error({
    message: {
      fr: 'Ce scénario compte {count} étapes ; la limite est {limit}.',
      en: 'This scenario has {count} steps; the limit is {limit}.',
    },
    hint: {
      fr: 'Faites-en deux, reliés par « emit ».',
      en: 'Make two of it, linked by "emit".',
    },
  }),
  'RLN-1213': warning({
    message: {
      fr: 'L’étape « {from} » s’appelle désormais « {to} » : des personnes peuvent s’y trouver.',
      en: 'The step "{from}" is now called "{to}": people may stand on it.',
    },
    hint: {
      fr: 'Donnez un « id » aux étapes, ou publiez avec « on_change: migrate » et « redirects ».',
      en: 'Give steps an "id", or publish with "on_change: migrate" and "redirects".',
    },
  }),
  'RLN-1214': error({
    message: {
      fr: '« existing: enter » n’a de sens que pour une entrée par segment.',
      en: '"existing: enter" only makes sense where a segment is entered.',
    },
    hint: { fr: 'Retirez « existing ».', en: 'Take "existing" out.' },
  }),
  'RLN-1215': error({
    message: {
      fr: '« redirects » demande « on_change: migrate ».',
      en: '"redirects" needs "on_change: migrate".',
    },
    hint: { fr: 'Changez l’un des deux.', en: 'Change one of the two.' },
  }),
  'RLN-1301': error({
    message: { fr: '{kind} « {name} » n’existe pas.', en: '{kind} "{name}" does not exist.' },
    hint: { fr: '{suggestion}', en: '{suggestion}' },
  }),
  'RLN-1302': warning({
    message: {
      fr: 'Aucun fichier ne décrit l’événement « {name} » : ses propriétés ne sont pas vérifiées.',
      en: 'No file describes the event "{name}": its properties are not checked.',
    },
    hint: {
      fr: 'Ajoutez events/{name}.yaml, ou corrigez le nom. {suggestion}',
      en: 'Add events/{name}.yaml, or correct the name. {suggestion}',
    },
  }),
  'RLN-1303': error({
    message: {
      fr: 'La décision « {decision} » n’existe pas dans ce scénario.',
      en: 'There is no decision "{decision}" in this scenario.',
    },
    hint: { fr: 'Décisions : {known}.', en: 'Decisions: {known}.' },
  }),
  'RLN-1304': error({
    message: {
      fr: 'L’expéditeur « {sender} » est du canal {found}, pas {channel}.',
      en: 'The sender "{sender}" is of the channel {found}, not {channel}.',
    },
    hint: {
      fr: 'Choisissez un expéditeur de ce canal dans relance.yaml.',
      en: 'Choose a sender of that channel in relance.yaml.',
    },
  }),
  'RLN-1401': error({
    message: {
      fr: 'Le modèle « {template} » n’a pas de {part} en « {locale} ».',
      en: 'The template "{template}" has no {part} in "{locale}".',
    },
    hint: {
      fr: 'Ajoutez templates/{template}/{file}.',
      en: 'Add templates/{template}/{file}.',
    },
  }),
  'RLN-1402': error({
    message: {
      fr: 'Ce courriel commercial n’a pas de lien de désinscription.',
      en: 'This marketing e-mail has no unsubscribe link.',
    },
    hint: {
      fr: 'Ajoutez un lien vers {{unsubscribe_url}}, dans le HTML comme dans le texte.',
      en: 'Add a link to {{unsubscribe_url}}, in the HTML and in the text.',
    },
  }),
  'RLN-1403': error({
    message: {
      fr: 'Ce SMS commercial n’indique pas comment se désinscrire (STOP).',
      en: 'This marketing SMS does not say how to opt out (STOP).',
    },
    hint: {
      fr: 'Terminez par « STOP au {from} ».',
      en: 'End with "STOP to {from}".',
    },
  }),
  'RLN-1404': error({
    message: {
      fr: 'Le texte n’existe pas en « {locale} ».',
      en: 'There is no text in "{locale}".',
    },
    hint: {
      fr: 'L’espace de travail déclare : {locales}.',
      en: 'The workspace declares: {locales}.',
    },
  }),
  'RLN-1405': error({
    message: {
      fr: 'Le modèle lit « {variable} », qui n’existe pas.',
      en: 'The template reads "{variable}", which does not exist.',
    },
    hint: {
      fr: 'Variables : profile, account, entry, decision, vars, workspace, unsubscribe_url, preferences_url.',
      en: 'Variables: profile, account, entry, decision, vars, workspace, unsubscribe_url, preferences_url.',
    },
  }),
  'RLN-1406': warning({
    message: {
      fr: 'Ce modèle pèse {size} Ko : au-delà de 100 Ko, certaines messageries le coupent.',
      en: 'This template is {size} KB: above 100 KB some mailboxes cut it.',
    },
    hint: { fr: 'Allégez-le.', en: 'Make it lighter.' },
  }),
  'RLN-1407': error({
    message: {
      fr: 'Le modèle « {template} » est en « {found} », le scénario en « {purpose} ».',
      en: 'The template "{template}" is for "{found}", the scenario for "{purpose}".',
    },
    hint: {
      fr: 'Un modèle sans lien de désinscription ne sert pas à du marketing.',
      en: 'A template without an unsubscribe link is not for marketing.',
    },
  }),
  'RLN-1408': warning({
    message: {
      fr: 'Une image distante n’est pas en https ({url}).',
      en: 'A remote image is not on https ({url}).',
    },
    hint: { fr: 'Servez-la en https.', en: 'Serve it over https.' },
  }),
  'RLN-1409': error({
    message: {
      fr: 'Ce fichier n’a pas sa place dans un modèle.',
      en: 'This file has no place in a template.',
    },
    hint: {
      fr: 'Un modèle a template.yaml, subject.<langue>.hbs, body.<langue>.mjml et body.<langue>.txt.hbs.',
      en: 'A template has template.yaml, subject.<locale>.hbs, body.<locale>.mjml and body.<locale>.txt.hbs.',
    },
  }),
  'RLN-1501': error({
    message: { fr: 'Expression : {detail}', en: 'Expression: {detail}' },
    hint: { fr: '{advice}', en: '{advice}' },
  }),
  'RLN-1502': warning({
    message: { fr: 'Expression : {detail}', en: 'Expression: {detail}' },
    hint: { fr: '{advice}', en: '{advice}' },
  }),
  'RLN-1601': error({
    message: {
      fr: 'L’action « {action} » n’a aucun traitement que ses plafonds laissent passer.',
      en: 'The caps can never let the action "{action}" through.',
    },
    hint: {
      fr: 'Relevez « max » à 1 au moins, ou retirez l’action.',
      en: 'Raise "max" to at least 1, or take the action out.',
    },
  }),
  'RLN-1602': error({
    message: {
      fr: 'Deux traitements de l’action s’appellent « {id} ».',
      en: 'Two treatments of the action are called "{id}".',
    },
    hint: {
      fr: 'Donnez un « id » à chaque traitement d’un même canal.',
      en: 'Give each treatment of one channel an "id".',
    },
  }),
  'RLN-1603': error({
    message: {
      fr: 'Un traitement par {channel} demande « {key} ».',
      en: 'A treatment by {channel} needs "{key}".',
    },
    hint: { fr: 'Ajoutez cette clé.', en: 'Add this key.' },
  }),
  'RLN-1604': error({
    message: {
      fr: '« nothing » est réservé : c’est l’action de ne rien faire.',
      en: '"nothing" is reserved: it is the action of doing nothing.',
    },
    hint: { fr: 'Choisissez un autre nom.', en: 'Choose another name.' },
  }),
  'RLN-1605': error({
    message: {
      fr: 'Segment : {detail}',
      en: 'Segment: {detail}',
    },
    hint: { fr: '{advice}', en: '{advice}' },
  }),
  'RLN-1606': error({
    message: {
      fr: 'L’identifiant « {id} » ne correspond pas au dossier « {folder} ».',
      en: 'The id "{id}" does not match the folder "{folder}".',
    },
    hint: { fr: 'Renommez l’un des deux.', en: 'Rename one of the two.' },
  }),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** The codes of workspace problems. */
export type ProblemCode = keyof typeof CATALOGUE;
