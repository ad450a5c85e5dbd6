import { Badge, Button, Drawer, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts, type Told } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/section.js';
import { Compare } from '../editor/compare.js';
import { scenarioWords } from './words.js';
import { Yaml } from './yaml.js';

type Version = ApiResponse<'scenario'>['versions'][number];
type Words = Told<typeof scenarioWords>;

/** Whom the engine names as author of what it published itself. */
const ENGINE = 'relance';
const NO_LINES: ReadonlySet<number> = new Set();

function authorOf({ author }: Version, t: Words): string {
  if (author === ENGINE) return t.atFirstStart;
  return author === '' ? t.authorUnknown : author;
}

interface Opened {
  readonly version: Version;
  /** The one before it, to compare with; the file alone is shown without. */
  readonly before?: Version;
}

function columnsOf(
  t: Words,
  number: (value: number) => string,
  given: { readonly open: (opened: Opened) => void; readonly versions: readonly Version[] },
) {
  const { open, versions } = given;
  const beforeOf = (version: Version) => versions[versions.indexOf(version) + 1];
  const columns: readonly Column<Version>[] = [
    {
      key: 'published',
      header: t.version,
      cell: ({ publishedAtMs, isInForce }) => (
        <>
          <Moment atMs={publishedAtMs} />{' '}
          {isInForce && (
            <Badge variant="light" color="green" tt="none">
              {t.inForce}
            </Badge>
          )}
        </>
      ),
      value: ({ publishedAtMs }) => publishedAtMs,
    },
    {
      key: 'author',
      header: t.author,
      cell: (version) => authorOf(version, t),
      value: (version) => authorOf(version, t),
    },
    {
      key: 'people',
      header: t.inIt,
      isNumber: true,
      cell: ({ people }) => number(people),
      value: ({ people }) => people,
    },
    {
      key: 'file',
      header: t.source,
      cell: (version) => {
        const before = beforeOf(version);
        return (
          <>
            <Button variant="subtle" size="compact-sm" onClick={() => open({ version })}>
              {t.showFile}
            </Button>
            {before !== undefined && (
              <Button variant="subtle" size="compact-sm" onClick={() => open({ version, before })}>
                {t.showChanges}
              </Button>
            )}
          </>
        );
      },
    },
  ];
  return columns;
}

interface ChangesProps {
  readonly scenario: string;
  readonly version: Version;
  readonly before: Version;
}

/** What a version changed of the one before it, comments and all. */
function VersionChanges({ scenario, version, before }: ChangesProps) {
  const t = useTexts(scenarioWords);
  const params = { id: scenario };
  const { definition } = version;
  const now = useRead('scenarioSource', { params, query: { definition } });
  const old = useRead('scenarioSource', { params, query: { definition: before.definition } });
  if (now.error?.status === 404 || old.error?.status === 404) {
    return <Text c="dimmed">{t.noSource}</Text>;
  }
  return (
    <Loaded query={old}>
      {({ text: older }) => (
        <Loaded query={now}>
          {({ text }) => <Compare label={t.changes} before={older} after={text} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function VersionFile({ scenario, version }: { readonly scenario: string; readonly version: Version }) {
  const t = useTexts(scenarioWords);
  const { definition } = version;
  const query = useRead('scenarioSource', { params: { id: scenario }, query: { definition } });
  if (query.error?.status === 404) return <Text c="dimmed">{t.noSource}</Text>;
  return (
    <Loaded query={query}>
      {({ text }) => <Yaml label={t.source} text={text} marked={NO_LINES} />}
    </Loaded>
  );
}

interface VersionsProps {
  readonly scenario: string;
  readonly versions: readonly Version[];
}

/** Versions of a scenario, each with its file: who is in flight keeps the one they entered with. */
export function Versions({ scenario, versions }: VersionsProps) {
  const t = { ...useTexts(common), ...useTexts(scenarioWords) };
  const { number } = useFormat();
  const [shown, show] = useState<Opened>();
  return (
    <Section title={t.versions}>
      <DataTable
        label={t.versions}
        columns={columnsOf(t, number, { open: show, versions })}
        rows={versions}
        rowKey={({ definition }) => definition}
      />
      {versions.length < 2 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t.oneVersion} {t.oneVersionHint}
        </Text>
      )}
      <Drawer
        opened={shown !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size={shown?.before === undefined ? 'lg' : 'xl'}
        title={shown?.before === undefined ? t.source : t.changes}
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {shown !== undefined &&
          (shown.before === undefined ? (
            <VersionFile scenario={scenario} version={shown.version} />
          ) : (
            <VersionChanges scenario={scenario} version={shown.version} before={shown.before} />
          ))}
      </Drawer>
    </Section>
  );
}
