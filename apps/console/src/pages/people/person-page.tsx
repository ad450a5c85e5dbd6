import { Grid, Group, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { ReachBadges } from '../../ui/reach-badges.js';
import { Enrolments, Golden, Habits, Reach, Segments } from './golden.js';
import { Timeline } from './timeline.js';
import { Why } from './why.js';
import { peopleWords } from './words.js';

type Person = ApiResponse<'person'>;

const page = getRouteApi('/shell/people/$id');

function Intro({ person }: { readonly person: Person }) {
  const t = useTexts(peopleWords);
  const format = useFormat();
  return (
    <Group gap="sm">
      <span>{t.firstSeen(format.date(person.firstSeenMs))}</span>
      {person.account !== null && (
        <span>
          <TextLink to="/accounts/$id" params={{ id: person.account.id }}>
            {person.account.name}
          </TextLink>
          {person.account.role !== null && `, ${person.account.role}`}
        </span>
      )}
    </Group>
  );
}

function Content({ person }: { readonly person: Person }) {
  const { kinds = '' } = page.useSearch();
  const navigate = page.useNavigate();
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Timeline
          person={person.id}
          kinds={kinds}
          onKinds={(chosen) =>
            void navigate({
              search: chosen === '' ? {} : { kinds: chosen },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack>
          <Golden person={person} />
          <Reach person={person} />
          <Segments person={person} />
          <Enrolments person={person} />
          <Why person={person.id} />
          <Habits person={person} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** A person: what is known and from where, and all that happened, with the reasons. */
export function PersonPage() {
  const t = useTexts(common);
  const { id } = page.useParams();
  const query = useRead('person', { params: { id } }, { everyMs: SLOW_MS });
  const { data } = query;
  return (
    <Page
      title={data?.name ?? t.person}
      intro={data !== undefined && <Intro person={data} />}
      aside={data !== undefined && <ReachBadges channels={data.channels} />}
    >
      <Loaded query={query}>{(person) => <Content key={person.id} person={person} />}</Loaded>
    </Page>
  );
}
