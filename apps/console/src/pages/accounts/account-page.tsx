import { Alert, Grid, Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { Figure } from '../../ui/figure.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { ReachBadges } from '../../ui/reach-badges.js';
import { Section } from '../../ui/section.js';
import { TaskCard } from '../tasks/task-card.js';
import classes from './account.module.css';
import { RevenuePlot } from './revenue.js';
import { accountWords } from './words.js';

type Account = ApiResponse<'account'>;

const page = getRouteApi('/shell/accounts/$id');

const ICONS: Readonly<Record<Account['sentences'][number]['kind'], IconName>> = {
  message: 'message',
  outcome: 'check',
  task: 'task',
  withheld: 'cross',
};

function Story({ sentences }: { readonly sentences: Account['sentences'] }) {
  const t = useTexts(accountWords);
  return (
    <Section title={t.story}>
      {sentences.length === 0 && <Text c="dimmed">{t.noStory}</Text>}
      <ul className={classes['story']}>
        {sentences.map(({ id, kind, sentence, person, atMs }) => (
          <li key={id} data-kind={kind}>
            <span className={classes['icon']}>
              <Icon name={ICONS[kind]} size={15} />
            </span>
            <div>
              <Text size="sm">{sentence}</Text>
              <Text size="xs" c="dimmed">
                <TextLink to="/people/$id" params={{ id: person.id }} underline="always">
                  {person.name}
                </TextLink>
                {' · '}
                <Moment atMs={atMs} />
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ToDo({ tasks }: { readonly tasks: Account['tasks'] }) {
  const t = useTexts(accountWords);
  return (
    <Section title={t.next}>
      <Stack gap="sm">
        {tasks.length === 0 && <Text c="dimmed">{t.noTask}</Text>}
        {tasks.map((task) => (
          <TaskCard key={task.id} task={task} hidesAccount />
        ))}
      </Stack>
    </Section>
  );
}

function People({ account }: { readonly account: Account }) {
  const t = useTexts(accountWords);
  const format = useFormat();
  return (
    <Section title={t.people}>
      <Stack gap="sm">
        {account.people.map(({ id, name, role, channels, lastOrderAtMs }) => (
          <Group key={id} justify="space-between" gap="xs">
            <div>
              <TextLink to="/people/$id" params={{ id }} fw={600} size="sm">
                {name}
              </TextLink>
              <Text size="xs" c="dimmed">
                {[
                  role,
                  lastOrderAtMs === null ? t.noOrder : t.lastOrder(format.date(lastOrderAtMs)),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </Text>
            </div>
            <ReachBadges channels={channels} />
          </Group>
        ))}
        {account.morePeople > 0 && (
          <Text size="sm" c="dimmed">
            {t.othersToo(account.morePeople, format.number(account.morePeople))}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function Upcoming({ upcoming }: { readonly upcoming: Account['upcoming'] }) {
  const t = useTexts(accountWords);
  return (
    <Section title={t.upcoming}>
      <Stack gap="xs">
        {upcoming.length === 0 && <Text c="dimmed">{t.noUpcoming}</Text>}
        {upcoming.map(({ atMs, person, sentence }) => (
          <div key={`${person.id}${atMs}`}>
            <Text size="sm">{sentence}</Text>
            <Text size="xs" c="dimmed">
              {person.name} · <Moment atMs={atMs} />
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function Complaints({ complaints }: { readonly complaints: Account['complaints'] }) {
  const t = useTexts(accountWords);
  const c = useTexts(common);
  if (complaints.length === 0) return null;
  return (
    <Alert role="note" color="orange" title={t.complaints} icon={<Icon name="warning" />}>
      {complaints.map(({ person, openedAtMs, subject }) => (
        <Text key={`${person.id}${openedAtMs}`} size="sm">
          {c.pair(person.name, subject)}, <Moment atMs={openedAtMs} as="date" />
        </Text>
      ))}
    </Alert>
  );
}

function Content({ account }: { readonly account: Account }) {
  return (
    <Stack>
      <Complaints complaints={account.complaints} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }} order={{ base: 1, md: 2 }}>
          <Stack>
            <ToDo tasks={account.tasks} />
            <People account={account} />
            <Upcoming upcoming={account.upcoming} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }} order={{ base: 2, md: 1 }}>
          <Stack>
            <RevenuePlot revenue={account.revenue} />
            <Story sentences={account.sentences} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** An account in a rep's words: what the campaigns did there, and what to do next. */
export function AccountPage() {
  const t = { ...useTexts(common), ...useTexts(accountWords) };
  const format = useFormat();
  const { id } = page.useParams();
  const query = useRead('account', { params: { id } }, { everyMs: SLOW_MS });
  const { data } = query;
  const parts = [
    data && format.country(data.country),
    data?.siren ? t.siren(data.siren) : '',
    data?.owner,
  ];
  return (
    <Page
      title={data?.name ?? t.account}
      intro={data === undefined ? undefined : parts.filter(Boolean).join(' · ')}
      aside={
        data !== undefined && (
          <Figure label={t.revenue365}>{format.roundMoney(data.revenue365d)}</Figure>
        )
      }
    >
      <Loaded query={query}>{(account) => <Content key={account.id} account={account} />}</Loaded>
    </Page>
  );
}
