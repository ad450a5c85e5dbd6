import { AppShell, Box, Center, Container, NavLink, type NavLinkProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, createLink, useRouter } from '@tanstack/react-router';
import { useEffect, type ComponentProps } from 'react';
import { useMe, type Me } from '../api/session.js';
import { useTexts } from '../i18n/text.js';
import { PauseBanner } from '../pauses/pause-banner.js';
import { Icon } from '../ui/icon.js';
import { LoadingRows } from '../ui/loaded.js';
import { ProblemNote } from '../ui/problem-note.js';
import { Header } from './header.js';
import { menuOf } from './navigation.js';
import { pageNames, shellTexts } from './texts.js';

type EntryProps = NavLinkProps & Omit<ComponentProps<'a'>, keyof NavLinkProps>;
const EntryLink = createLink((props: EntryProps) => <NavLink {...props} />);

function Menu({ me, onChosen }: { readonly me: Me; readonly onChosen: () => void }) {
  const t = useTexts(shellTexts);
  const names = useTexts(pageNames);
  return (
    <AppShell.Navbar p="xs" aria-label={t.navigation}>
      {menuOf(me.role).map(({ to, name, icon }) => (
        <EntryLink
          key={to}
          to={to}
          label={names[name]}
          leftSection={<Icon name={icon} />}
          variant="light"
          onClick={onChosen}
          activeProps={{ active: true }}
        />
      ))}
    </AppShell.Navbar>
  );
}

function Frame({ me }: { readonly me: Me }) {
  const t = useTexts(shellTexts);
  const [isMenuOpen, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
      padding="md"
    >
      <a href="#content" className="skip-link">
        {t.skip}
      </a>
      <AppShell.Header>
        <Header me={me} isMenuOpen={isMenuOpen} onMenu={toggle} />
      </AppShell.Header>
      <Menu me={me} onChosen={close} />
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size={1320} px={0}>
          <PauseBanner me={me} />
          <Outlet />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

/**
 * Leads to the sign-in page once, and remembers the page that was asked for. Not by the router's own
 * component, which leads away again each time the address it changed renders it.
 */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.state.location;
    void router.navigate({ to: '/sign-in', search: { next: href }, replace: true });
  }, [router]);
  return null;
}

/** What surrounds every page; who is not signed in is sent to sign in, and back. */
export function Shell() {
  const { data, error, refetch } = useMe();
  if (error?.status === 401) return <ToSignIn />;
  if (data !== undefined) return <Frame me={data} />;
  return (
    <Center mih="100vh" p="md">
      <Box w="100%" maw={560}>
        {error === null ? (
          <LoadingRows />
        ) : (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        )}
      </Box>
    </Center>
  );
}
