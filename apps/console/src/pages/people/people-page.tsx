import type { ApiResponse } from '#libs/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { usePages } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { csvTime } from '../../ui/csv.js';
import type { Column } from '../../ui/data-table.js';
import { Found } from '../../ui/found.js';
import { TextLink } from '../../ui/link.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { SearchBox } from '../../ui/search-box.js';
import { Section } from '../../ui/section.js';
import { peopleWords } from './words.js';

type Hit = ApiResponse<'people'>['items'][number];

const page = getRouteApi('/shell/people');

function useColumns(): readonly Column<Hit>[] {
  const format = useFormat();
  const t = { ...useTexts(common), ...useTexts(peopleWords) };
  return [
    {
      key: 'name',
      header: t.person,
      cell: ({ id, name }) => (
        <TextLink to="/people/$id" params={{ id }} fw={600}>
          {name}
        </TextLink>
      ),
      value: ({ name }) => name,
    },
    { key: 'email', header: t.email, cell: ({ email }) => email, value: ({ email }) => email },
    {
      key: 'account',
      header: t.account,
      isMinor: true,
      cell: ({ account }) =>
        account !== null && (
          <TextLink to="/accounts/$id" params={{ id: account.id }}>
            {account.name}
          </TextLink>
        ),
      value: ({ account }) => account?.name ?? null,
    },
    {
      key: 'country',
      header: t.country,
      isMinor: true,
      cell: ({ country }) => country !== null && format.country(country),
      value: ({ country }) => country,
    },
    {
      key: 'seen',
      header: t.lastSeen,
      isMinor: true,
      cell: ({ updatedAtMs }) => <Moment atMs={updatedAtMs} as="relative" />,
      value: ({ updatedAtMs }) => csvTime(updatedAtMs),
    },
  ];
}

function PeopleList({ query }: { readonly query: string }) {
  const t = useTexts(peopleWords);
  const columns = useColumns();
  const pages = usePages('people', { query: { query } });
  return (
    <Found
      pages={pages}
      query={query}
      icon="people"
      words={t}
      label={t.title}
      columns={columns}
      csvName="people"
    />
  );
}

/** Finds a person by name, e-mail or phone. */
export function PeoplePage() {
  const t = { ...useTexts(common), ...useTexts(peopleWords) };
  const { q = '' } = page.useSearch();
  const navigate = page.useNavigate();
  return (
    <Page title={t.title} intro={t.intro}>
      <SearchBox
        label={t.searchLabel}
        placeholder={t.searchHint}
        value={q}
        onSearch={(text) =>
          void navigate({ search: text.trim() === '' ? {} : { q: text }, replace: true })
        }
      />
      <Section title={t.title}>
        <PeopleList query={q} />
      </Section>
    </Page>
  );
}
