import { error, warning } from './entry.js';

/** Problems of scenarios (12xx) and of names (13xx). */
export const SCENARIO_PROBLEMS = {
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
      fr: 'L’étape « {step} » du scénario « {scenario} » n’existe plus : {people} personnes s’y trouvent.',
      en: 'The step "{step}" of the scenario "{scenario}" is gone: {people} people stand on it.',
    },
    hint: {
      fr: 'Rien à faire : elles finissent sous la version où elles sont entrées.',
      en: 'Nothing: they finish under the version with which they entered.',
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
  'RLN-1230': error({
    message: {
      fr: 'L’étape « {step} » du scénario « {scenario} » n’existe plus, et « on_change: migrate » ne sait où mener ceux qui s’y trouvent : {people}.',
      en: 'The step "{step}" of the scenario "{scenario}" is gone, and "on_change: migrate" does not know where to lead those who stand on it: {people}.',
    },
    hint: {
      fr: 'Écrivez où ils continuent, « redirects: { {step}: {target} } », ou gardez-les avec « on_change: pin ».',
      en: 'Write where they go on, "redirects: { {step}: {target} }", or keep them with "on_change: pin".',
    },
  }),
  'RLN-1231': error({
    message: {
      fr: 'L’étape « {step} » du scénario « {scenario} » attend autre chose qu’avant, et « on_change: migrate » ne peut y mener ceux qui s’y trouvent : {people}.',
      en: 'The step "{step}" of the scenario "{scenario}" waits for something else than before, and "on_change: migrate" cannot lead those who stand on it there: {people}.',
    },
    hint: {
      fr: 'Menez-les par « redirects » à une étape du même type, ou gardez-les avec « on_change: pin ».',
      en: 'Lead them by "redirects" to a step of the same type, or keep them with "on_change: pin".',
    },
  }),
  'RLN-1232': warning({
    message: {
      fr: 'L’étape sans nom « {step} » du scénario « {scenario} » s’appelle maintenant « {target} », et des personnes s’y trouvent : {people}.',
      en: 'The unnamed step "{step}" of the scenario "{scenario}" is now called "{target}", and people stand on it: {people}.',
    },
    hint: {
      fr: 'Donnez-lui un « id », qui ne change pas quand on écrit avant elle ; avec « on_change: migrate », ajoutez « {step}: {target} » à « redirects ».',
      en: 'Give it an "id", which does not change when something is written before it; with "on_change: migrate" add "{step}: {target}" to "redirects".',
    },
  }),
  'RLN-1233': warning({
    message: {
      fr: '« redirects » du scénario « {scenario} » part de « {step} », qu’aucune version publiée ne connaît.',
      en: '"redirects" of the scenario "{scenario}" starts from "{step}", which no published version has.',
    },
    hint: {
      fr: 'Vérifiez le nom : « relance plan » dit sur quelles étapes il y a du monde.',
      en: 'Check the name: "relance plan" says on which steps people stand.',
    },
  }),
  'RLN-1270': error({
    message: {
      fr: 'Jusqu’à {count} branches avanceraient de front ; {limit} au plus.',
      en: 'Up to {count} branches would go side by side; {limit} at most.',
    },
    hint: {
      fr: 'Chacune garde sa place dans l’état de la personne : mettez-en à la suite.',
      en: 'Each keeps its place in the state of the person: put some one after the other.',
    },
  }),
  'RLN-1271': error({
    message: {
      fr: 'Des points sont un nombre entier de 1 à {most}.',
      en: 'Points are a whole number from 1 to {most}.',
    },
    hint: {
      fr: 'Écrivez « add: 50 », ou « take: 50 » pour en retirer, ou une expression.',
      en: 'Write "add: 50", or "take: 50" to take some, or an expression.',
    },
  }),
  'RLN-1272': error({
    message: {
      fr: 'Le scénario « {scenario} » ne se laisse pas ouvrir par un autre.',
      en: 'The scenario "{scenario}" cannot be entered by another.',
    },
    hint: {
      fr: 'Mettez-lui « api: true » sous « entry », ou émettez l’événement qui y fait entrer.',
      en: 'Put "api: true" under its "entry", or emit the event that enters it.',
    },
  }),
  'RLN-1220': error({
    message: {
      fr: 'Une entrée n’a qu’un moyen d’entrer.',
      en: 'An entry has one way in only.',
    },
    hint: {
      fr: 'Gardez l’un de « on », « segment », « date », « schedule » et « api ».',
      en: 'Keep one of "on", "segment", "date", "schedule" and "api".',
    },
  }),
  'RLN-1221': error({
    message: {
      fr: 'Le trait « {trait} » n’est pas une date.',
      en: 'The trait "{trait}" is not a date.',
    },
    hint: {
      fr: 'Déclarez-le de type date dans profile.yaml. Dates : {known}.',
      en: 'Declare it of type date in profile.yaml. Dates: {known}.',
    },
  }),
  'RLN-1222': error({
    message: {
      fr: 'La règle « {rule} » ne se lit pas ({detail}).',
      en: 'The rule "{rule}" cannot be read ({detail}).',
    },
    hint: {
      fr: 'Écrivez une RRULE (RFC 5545) comme FREQ=WEEKLY;BYDAY=MO ; l’heure se dit dans « at », le premier jour dans « from ».',
      en: 'Write an RRULE (RFC 5545) like FREQ=WEEKLY;BYDAY=MO; the time goes into "at", the first day into "from".',
    },
  }),
  'RLN-1223': error({
    message: {
      fr: 'La règle « {rule} » tombe plus d’une fois par heure.',
      en: 'The rule "{rule}" fires more often than once an hour.',
    },
    hint: {
      fr: 'Prenez FREQ=HOURLY ou plus rare, sans BYMINUTE ni BYSECOND.',
      en: 'Take FREQ=HOURLY or rarer, without BYMINUTE or BYSECOND.',
    },
  }),
  'RLN-1224': error({
    message: {
      fr: 'La règle « {rule} » ne tombe jamais à partir du {from}.',
      en: 'The rule "{rule}" never fires from {from} on.',
    },
    hint: {
      fr: 'Aucun jour ne la remplit : vérifiez BYMONTH, BYMONTHDAY, UNTIL et « from ».',
      en: 'No day meets it: check BYMONTH, BYMONTHDAY, UNTIL and "from".',
    },
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
} as const;
