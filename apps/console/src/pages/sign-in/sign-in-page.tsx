import {
  Alert,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, type SubmitEvent } from 'react';
import { useDo } from '../../api/queries.js';
import { common } from '../../i18n/common.js';
import { texts, useTexts } from '../../i18n/text.js';
import { LanguageSwitch } from '../../shell/header.js';
import { Icon } from '../../ui/icon.js';
import { TextLink } from '../../ui/link.js';
import { ProblemNote } from '../../ui/problem-note.js';

const words = texts({
  title: { fr: 'Se connecter', en: 'Sign in' },
  intro: {
    fr: 'La bonne action, pour chaque client, au bon moment.',
    en: 'The right action, for each customer, at the right moment.',
  },
  email: { fr: 'Adresse e-mail', en: 'E-mail address' },
  password: { fr: 'Mot de passe', en: 'Password' },
  reveal: { fr: 'Montrer le mot de passe', en: 'Show the password' },
  submit: { fr: 'Se connecter', en: 'Sign in' },
  help: {
    fr: 'Sur votre propre machine, le démarrage affiche un lien de connexion pour chaque rôle.',
    en: 'On your own machine, the start prints a sign-in link for each role.',
  },
  link_used: {
    fr: 'Ce lien de connexion a déjà servi, ou a expiré.',
    en: 'This sign-in link was used already, or has expired.',
  },
  link_usedHint: {
    fr: 'Connectez-vous avec votre mot de passe, ou demandez un autre lien.',
    en: 'Sign in with your password, or ask for another link.',
  },
  not_found: {
    fr: 'Cette fiche n’existe pas ici, ou plus.',
    en: 'This record does not exist here, or no longer.',
  },
  not_allowed: { fr: 'Votre rôle ne permet pas de voir cela.', en: 'Your role may not see this.' },
  other: { fr: 'Ce lien ne peut pas être ouvert.', en: 'This link cannot be opened.' },
  home: { fr: 'Aller à votre accueil', en: 'Go to your home page' },
});

const page = getRouteApi('/sign-in');

/** Codes of the refusals that lead here; their texts for programs stay on the server. */
const CODES = { link_used: 'RLN-2108', not_found: 'RLN-2103', not_allowed: 'RLN-2102' } as const;
const isCoded = (problem: string): problem is keyof typeof CODES => Object.hasOwn(CODES, problem);

/** A path of the console itself, never another site's address. */
const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';

function useSignIn(next: string | undefined) {
  const router = useRouter();
  const client = useQueryClient();
  const signIn = useDo('signIn', []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    signIn.mutate(
      { body: { email: field('email'), password: field('password') } },
      {
        onSuccess: () => {
          client.clear();
          router.history.push(ownPath(next));
        },
      },
    );
  };
  return { signIn, submit };
}

/** Why a link led here instead of where it should. */
function RefusedLink({ problem }: { readonly problem: string }) {
  const t = { ...useTexts(common), ...useTexts(words) };
  const known = isCoded(problem) ? problem : undefined;
  return (
    <Alert color="yellow" title={t[known ?? 'other']} icon={<Icon name="info" />}>
      {known === 'link_used' ? t.link_usedHint : <TextLink to="/">{t.home}</TextLink>}
      {known !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          {t.code(CODES[known])}
        </Text>
      )}
    </Alert>
  );
}

/** The way in. A one-time link signs in on the server and never shows this page, unless refused. */
export function SignInPage() {
  const t = useTexts(words);
  const { next, problem } = page.useSearch();
  const { signIn, submit } = useSignIn(next);
  useEffect(() => {
    document.title = `${t.title} · Relance`;
  }, [t]);
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={420}>
        <Group justify="space-between" mb="md">
          <Group gap="xs">
            <img src="/favicon.svg" width={28} height={28} alt="" />
            <Text fw={700}>Relance</Text>
          </Group>
          <LanguageSwitch />
        </Group>
        <Title order={1}>{t.title}</Title>
        <Text c="dimmed" mb="lg">
          {t.intro}
        </Text>
        <form onSubmit={submit}>
          <Stack>
            {problem !== undefined && <RefusedLink problem={problem} />}
            {signIn.error !== null && <ProblemNote error={signIn.error} />}
            <TextInput name="email" type="email" label={t.email} autoComplete="username" required />
            <PasswordInput
              name="password"
              label={t.password}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t.reveal }}
              required
            />
            <Button type="submit" loading={signIn.isPending}>
              {t.submit}
            </Button>
            <Text size="sm" c="dimmed">
              {t.help}
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
