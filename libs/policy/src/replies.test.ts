import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyReply } from './index.js';

/** One reply a line; what people send back to short codes, in French and English. */
const STOP = `
STOP
stop
Stop
sTOP
STOP.
STOP!
Stop !!!
" stop "
«STOP»
stop merci
STOP merci
Stop, merci.
merci stop
stop svp
STOP SVP !
stop s'il vous plaît
Stop please
please stop
STOP SMS
STOPSMS
stop sms merci
stop pub
STOP PUB SVP
Stop au 36105
STOP 36105
stop 36180 merci
STOPALL
stop all
Stop everything
STOP STOP STOP
stop stop
Bonjour, stop
Bonjour stop merci
bonsoir STOP
Hello stop
STOP je ne veux plus rien
Stop j'en ai assez
stop c'est trop
STOP TEXTING ME
stop sending me messages
Please stop these texts
I said stop
ça suffit stop
non stop
Non, stop !
no stop
Non merci, stop
oui stop
ok stop
START non STOP
Stoppez
stoppez tout
stoppez les messages
ＳＴＯＰ
arret
ARRET
Arrêt
ARRÊT
arrêt svp
Arrêt sms
ARRETE
ARRETT
arrête
arrêter
ARRETER
Arrêter svp
arrêtez
Arrêtez !
ARRÊTEZ MERCI
arrêtez de m'envoyer des sms
Merci d'arrêter
merci d'arrêter vos messages
Veuillez arrêter vos envois
Pouvez-vous arrêter les sms ?
je vous demande d'arrêter
ARRETEZ CA SVP
désabo
DESABO
Désabonner
desabonner moi
Désabonnez-moi
désabonnez moi svp
je veux me désabonner
Désabonnement
désinscrire
me désinscrire
Je souhaite me désinscrire de vos listes
désinscription
DESINSCRIPTION SVP
Désinscrivez-moi
résilier
RESILIER
Résilier merci
Je voudrais résilier
résiliez mon inscription
FIN
fin
Fin.
fin merci
Fin des sms
END
end
End please
CANCEL
cancel
Cancel please
QUIT
quit
Quit now
unsubscribe
UNSUBSCRIBE
Unsubscribe me
please unsubscribe me from this list
unsub
optout
opt out
Opt-out
I want to opt out
opting out
remove me
remove me from your list
Please take me off this list
do not text me
Don't text me
Don’t contact me
leave me alone
no more texts
No more messages please
ne plus m'envoyer de sms
Merci de ne plus me contacter
ne m'envoyez plus rien
Ne me contactez plus
Ne me relancez plus svp
je ne veux plus recevoir vos messages
Je ne souhaite plus recevoir de pub
plus de sms svp
Plus de pub !
plus de messages merci
merci de ne pas m'écrire
Je n'en veux pas, stop
je ne veux pas stop
Arrêtez, pas de pub
Arrêtez pas de pub chez moi
n'écrivez plus
S.T.O.P
s t o p
Quoi ? STOP
ne me dites pas. Stop.
`;

const NOT = `
ne pas stopper
Ne pas stopper svp
ne stoppez pas
Ne pas arrêter
n'arrêtez pas
N’arrêtez pas !
N'arrêtez jamais
surtout n'arrêtez pas
ne pas désabonner
Ne me désabonnez pas
ne me désinscrivez pas
je ne veux pas me désabonner
ne pas résilier
Don't stop
don’t stop please
do not stop
never stop
can't stop
I cannot stop laughing
Please don't unsubscribe me
pas de stop
surtout pas stop
jamais stop
sans arrêt
nonstop
stopper
autostop
Je suis à l'arrêt de bus
l'arrêt du tram est loin
at the bus stop
bus stop 12
pit stop
arrêter de fumer
je vais arrêter de travailler
la fin du mois
C'est la fin de la promo ?
enfin
fin de semaine possible ?
weekend
at the end of the week
I quit my job
cancel my order 1234
Annuler ma commande
Bonjour
Merci
merci beaucoup
ok
OK merci
Super
Quand arrive ma commande ?
Je passe demain au magasin
Vous êtes ouverts dimanche ?
c'est quoi le prix ?
Qui êtes-vous ?
who is this
wrong number
Non
non merci
No
no thanks
Oui mais demain
oui je viens samedi
Yes I will come on Saturday
restart
J'ai besoin d'aide pour ma commande
information sur le produit X200
Mon contact est Paul
helpful
1
12345
👍
...

?
`;

const START = `
START
start
Start please
start merci
UNSTOP
unstop
unstop svp
oui
OUI
Oui !
oui merci
Oui, merci beaucoup
oui svp
bonjour oui
yes
Yes please
reprendre
REPRENDRE
Reprendre les sms
reprendre svp
`;

const HELP = `
AIDE
aide
Aide svp
aide moi
HELP
help
Help me please
help!
INFO
info
infos
Infos svp
CONTACT
contact
contact svp
Contact 36105
bonjour aide
`;

const rows = (block: string, expected: string | null): [string, string | null][] =>
  block
    .split('\n')
    .slice(1, -1)
    .map((text) => [text, expected]);

const TABLE = [
  ...rows(STOP, 'stop'),
  ...rows(NOT, null),
  ...rows(START, 'start'),
  ...rows(HELP, 'help'),
];

describe('classifyReply', () => {
  it('has a table of at least 200', () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(200);
  });
  it.each(TABLE)('%j is %s', (text, expected) => {
    expect(classifyReply(text)).toBe(expected);
  });
  it('minds neither case nor accents nor punctuation around', () => {
    const edge = fc.stringMatching(/^[ .,!?;:«»"()\-\u00a0]{0,4}$/);
    fc.assert(
      fc.property(fc.constantFrom(...TABLE), edge, edge, ([text, expected], before, after) => {
        expect(classifyReply(`${before}${text.toUpperCase().normalize('NFD')}${after}`)).toBe(
          expected,
        );
        expect(classifyReply(text.toLowerCase().normalize('NFC'))).toBe(expected);
      }),
    );
  });
  it('answers any text at all, and long ones quickly', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void classifyReply(text)));
    expect(classifyReply(`${'ne '.repeat(50_000)}bonjour`)).toBe(null);
  });
});
