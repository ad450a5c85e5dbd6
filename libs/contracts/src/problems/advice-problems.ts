import { error, warning } from './entry.js';

/**
 * What is well-formed and yet not what its author means: waits and triggers (124x), what the files
 * say of each other (131x, 132x), texts (141x).
 */
export const ADVICE_PROBLEMS = {
  'RLN-1240': error({
    message: {
      fr: 'Cette attente de {wait} dépasse l’âge limite du scénario ({maxAge}) : personne n’en sort.',
      en: 'This wait of {wait} is longer than the scenario’s greatest age ({maxAge}): nobody leaves it.',
    },
    hint: {
      fr: 'Raccourcissez-la, ou écrivez « limits: { max_age: {enough} } ».',
      en: 'Shorten it, or write "limits: { max_age: {enough} }".',
    },
  }),
  'RLN-1241': error({
    message: {
      fr: 'Les attentes qui mènent à cette étape durent au moins {waits}, plus que l’âge limite {maxAge} : personne n’y arrive.',
      en: 'The waits that lead to this step last {waits} at least, longer than the greatest age {maxAge}: nobody gets there.',
    },
    hint: {
      fr: 'Raccourcissez une attente, ou écrivez « limits: { max_age: {enough} } ».',
      en: 'Shorten a wait, or write "limits: { max_age: {enough} }".',
    },
  }),
  'RLN-1242': warning({
    message: {
      fr: 'Sans « up_to », qui ne fait jamais cela attend ici jusqu’à l’âge limite du scénario ({maxAge}).',
      en: 'Without "up_to", whoever never does this waits here until the scenario’s greatest age ({maxAge}).',
    },
    hint: {
      fr: 'Dites jusqu’à quand attendre et quoi faire ensuite : « up_to: 3d », puis « else: [...] » si besoin.',
      en: 'Say how long to wait and what to do then: "up_to: 3d", and "else: [...]" where needed.',
    },
  }),
  'RLN-1243': error({
    message: {
      fr: 'Sans « up_to », ce « else » ne s’exécute jamais : rien ne met fin à l’attente.',
      en: 'Without "up_to" this "else" never runs: nothing ends the wait.',
    },
    hint: {
      fr: 'Ajoutez une durée à l’attente, par exemple « up_to: 3d », ou retirez « else ».',
      en: 'Give the wait a duration, "up_to: 3d" for example, or take "else" out.',
    },
  }),
  'RLN-1244': warning({
    message: {
      fr: 'Ce scénario compare des branches, mais n’a pas de « goal » : rien ne dira laquelle vaut mieux.',
      en: 'This scenario compares arms and has no "goal": nothing will tell which is better.',
    },
    hint: {
      fr: 'Ajoutez par exemple « goal: { on: order_completed, within: 14d, value: event.total } ».',
      en: 'Add for example "goal: { on: order_completed, within: 14d, value: event.total }".',
    },
  }),
  'RLN-1245': warning({
    message: {
      fr: 'L’événement « {event} » fait entrer, et le prochain fait sortir (« {as} ») sans condition.',
      en: 'The event "{event}" enters people, and the next one ends their run ("{as}") without a condition.',
    },
    hint: {
      fr: 'Distinguez les deux : « when: event.cart_id != entry.cart_id » par exemple, ou un autre événement.',
      en: 'Tell the two apart: "when: event.cart_id != entry.cart_id" for example, or another event.',
    },
  }),
  'RLN-1246': warning({
    message: {
      fr: 'L’attente de « {event} » n’aboutit jamais : la sortie « {as} » prend cet événement d’abord.',
      en: 'The wait for "{event}" never succeeds: the exit "{as}" takes that event first.',
    },
    hint: {
      fr: 'Les sorties passent avant les attentes : donnez un « when » à la sortie, ou retirez ce « then ».',
      en: 'Exits come before waits: give the exit a "when", or take this "then" out.',
    },
  }),
  'RLN-1247': warning({
    message: {
      fr: '« {event} » arrive souvent, et « reentry: always » fait rentrer la personne aussitôt sortie.',
      en: '"{event}" comes often, and "reentry: always" lets people in again as soon as they are out.',
    },
    hint: {
      fr: 'Écrivez « reentry: { after: 7d } », ou donnez une clé : « key: event.cart_id ».',
      en: 'Write "reentry: { after: 7d }", or give a key: "key: event.cart_id".',
    },
  }),
  'RLN-1248': warning({
    message: {
      fr: 'L’objectif se mesure sur {within}, et les événements ne sont gardés que {retention}.',
      en: 'The goal is measured over {within}, and events are kept for {retention} only.',
    },
    hint: {
      fr: 'Raccourcissez « within », ou allongez « retention: { events: … } » dans relance.yaml.',
      en: 'Shorten "within", or lengthen "retention: { events: … }" in relance.yaml.',
    },
  }),
  'RLN-1249': warning({
    message: {
      fr: 'L’action « {action} » lit {path}, que l’événement d’entrée « {event} » ne porte pas.',
      en: 'The action "{action}" reads {path}, which the entry event "{event}" does not carry.',
    },
    hint: {
      fr: 'Déclarez la propriété dans events/, ou choisissez une action faite pour cette entrée. {suggestion}',
      en: 'Declare the property in events/, or choose an action made for this entry. {suggestion}',
    },
  }),
  'RLN-1250': error({
    message: {
      fr: 'Deux branches de cette étape s’appellent « {name} » : les résultats ne les distingueraient pas.',
      en: 'Two branches of this step are called "{name}": results would not tell them apart.',
    },
    hint: { fr: 'Donnez un autre « name » à celle-ci.', en: 'Give this one another "name".' },
  }),
  'RLN-1310': warning({
    message: {
      fr: 'Le trait « {trait} » n’a pas de « master » : aucune source n’est désignée pour le fournir.',
      en: 'The trait "{trait}" has no "master": no source is named to supply it.',
    },
    hint: {
      fr: 'Écrivez « master: [crm] », avec une ou plusieurs sources. {suggestion}',
      en: 'Write "master: [crm]", with one or more of the sources. {suggestion}',
    },
  }),
  'RLN-1311': error({
    message: {
      fr: 'Les heures permises n’ouvrent jamais le canal « {channel} » : rien ne partirait.',
      en: 'The permitted hours never open the channel "{channel}": nothing would go.',
    },
    hint: {
      fr: 'Écrivez une plage comme « from: "08:00" » et « to: "20:00" » ; plusieurs règles d’un canal doivent se recouper.',
      en: 'Write a span such as from: "08:00" and to: "20:00"; several rules of a channel must overlap.',
    },
  }),
  'RLN-1312': warning({
    message: {
      fr: 'Le canal « {channel} » reste fermé {hours} h de suite ; un message n’attend que 96 h, puis est retenu.',
      en: 'The channel "{channel}" stays closed for {hours} h on end; a message waits 96 h only, and is withheld then.',
    },
    hint: {
      fr: 'Ouvrez un jour de plus dans « days », ou acceptez que ces messages ne partent pas.',
      en: 'Open another day in "days", or accept that those messages do not go.',
    },
  }),
  'RLN-1313': error({
    message: {
      fr: 'Les plafonds de policies.yaml ne laissent jamais passer « {action} » pour la finalité « {purpose} ».',
      en: 'The caps of policies.yaml never let "{action}" through for the purpose "{purpose}".',
    },
    hint: {
      fr: 'Relevez « max » à 1 au moins pour {channels}, ou retirez l’action du scénario.',
      en: 'Raise "max" to at least 1 for {channels}, or take the action out of the scenario.',
    },
  }),
  'RLN-1314': error({
    message: {
      fr: 'Ce traitement part par SMS, et relance.yaml n’a pas d’expéditeur de SMS.',
      en: 'This treatment goes by SMS, and relance.yaml has no sender of SMS.',
    },
    hint: {
      fr: 'Ajoutez-le à « senders » : sms: { channel: sms, from: "36105" }.',
      en: 'Add it to "senders": sms: { channel: sms, from: "36105" }.',
    },
  }),
  'RLN-1315': warning({
    message: {
      fr: '{kind} « {name} » ne sert nulle part dans ces fichiers.',
      en: '{kind} "{name}" is used nowhere in these files.',
    },
    hint: {
      fr: '{use} Sinon, supprimez le fichier.',
      en: '{use} Otherwise remove the file.',
    },
  }),
  'RLN-1316': error({
    message: {
      fr: 'Le nom « {name} » est réservé au moteur.',
      en: 'The name "{name}" is reserved for the engine.',
    },
    hint: {
      fr: 'Choisissez un autre nom, par exemple « {other} ».',
      en: 'Choose another name, "{other}" for example.',
    },
  }),
  'RLN-1317': error({
    message: {
      fr: 'Il n’y a pas de fuseau « {zone} ».',
      en: 'There is no time zone "{zone}".',
    },
    hint: {
      fr: 'Écrivez un fuseau comme Europe/Paris. {suggestion}',
      en: 'Write a zone such as Europe/Paris. {suggestion}',
    },
  }),
  'RLN-1318': warning({
    message: {
      fr: 'L’agrégat « {aggregate} » lit {path}, que events/ ne déclare pas : il restera vide.',
      en: 'The aggregate "{aggregate}" reads {path}, which events/ does not declare: it will stay empty.',
    },
    hint: {
      fr: 'Déclarez la propriété, ou corrigez son nom. {suggestion}',
      en: 'Declare the property, or correct its name. {suggestion}',
    },
  }),
  'RLN-1319': error({
    message: {
      fr: 'Les parts de « holdout », « random_control » et « business_as_usual » font {total}, plus de 100%.',
      en: 'The shares of "holdout", "random_control" and "business_as_usual" come to {total}, more than 100%.',
    },
    hint: {
      fr: 'Réduisez-en une : le reste est la part décidée par la politique.',
      en: 'Lessen one of them: what is left is the share the policy decides for.',
    },
  }),
  'RLN-1320': warning({
    message: {
      fr: '« {path} » est un lien symbolique : il n’est pas suivi, et ce qu’il désigne n’est pas lu.',
      en: '"{path}" is a symbolic link: it is not followed, and what it points to is not read.',
    },
    hint: {
      fr: 'Mettez le fichier lui-même dans le dossier, ou supprimez le lien.',
      en: 'Put the file itself in the folder, or remove the link.',
    },
  }),
  'RLN-1321': error({
    message: {
      fr: 'Il n’y a pas de pays « {country} » : ses jours fériés seraient inconnus.',
      en: 'There is no country "{country}": its holidays would be unknown.',
    },
    hint: {
      fr: 'Écrivez le code de deux lettres du pays, comme FR, BE ou GB.',
      en: 'Write the two-letter code of the country, such as FR, BE or GB.',
    },
  }),
  'RLN-1411': warning({
    message: {
      fr: 'Tout le monde n’a pas {variable} : sans cette valeur, le message n’est pas envoyé.',
      en: 'Not everybody has {variable}: without that value the message is not sent.',
    },
    hint: {
      fr: 'Prévoyez son absence : {guarded}.',
      en: 'Provide for its absence: {guarded}.',
    },
  }),
  'RLN-1412': error({
    message: {
      fr: 'Ce texte ne peut pas être écrit : {detail}',
      en: 'This text cannot be written: {detail}',
    },
    hint: {
      fr: 'Une variable s’écrit {{profile.firstName}}, une condition {{#if profile.firstName}}…{{/if}}.',
      en: 'A variable is written {{profile.firstName}}, a condition {{#if profile.firstName}}…{{/if}}.',
    },
  }),
} as const;
