import { error, warning } from './entry.js';

/** Problems of templates and texts (14xx), expressions (15xx) and the other kinds (16xx). */
export const CONTENT_PROBLEMS = {
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
      fr: 'Il y a : profile, account, entry, decision, vars, workspace, unsubscribe_url.',
      en: 'There is: profile, account, entry, decision, vars, workspace, unsubscribe_url.',
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
      fr: 'Il y faut template.yaml, subject.fr.hbs, body.fr.mjml et body.fr.txt.hbs.',
      en: 'It takes template.yaml, subject.fr.hbs, body.fr.mjml and body.fr.txt.hbs.',
    },
  }),
  'RLN-1410': error({
    message: {
      fr: 'Ce modèle ne peut pas être envoyé : {detail}',
      en: 'This template cannot be sent: {detail}',
    },
    hint: {
      fr: 'Corrigez-le : aucun message n’en partirait.',
      en: 'Correct it: no message of it would go.',
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
} as const;
