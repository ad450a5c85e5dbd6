import { Badge, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import type { PlacedProblem } from './problem-places.js';
import { editorWords } from './words.js';

interface ProblemListProps {
  readonly problems: readonly PlacedProblem[];
  readonly elsewhere: number;
  readonly isChecking: boolean;
  readonly onOpen: (problem: PlacedProblem) => void;
}

/** Problems of the file, each leading to its place. */
export function ProblemList({ problems, elsewhere, isChecking, onOpen }: ProblemListProps) {
  const t = useTexts(editorWords);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600} role="status">
        {isChecking ? t.checking : t.problemsCount(problems.length)}
      </Text>
      <ul className="plain" aria-label={t.problems}>
        {problems.map((problem) => (
          <li key={`${problem.code}-${problem.from}-${problem.message}`}>
            <UnstyledButton onClick={() => onOpen(problem)} w="100%" py={4}>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Badge
                  variant="light"
                  color={problem.severity === 'error' ? 'red' : 'orange'}
                  leftSection={<Icon name="warning" size={12} />}
                  tt="none"
                  flex="none"
                >
                  {t[problem.severity]}
                </Badge>
                <span>
                  <Text span size="sm">
                    {t.toLine(problem.line, problem.message)}
                  </Text>{' '}
                  <Text span size="xs" c="dimmed">
                    {problem.hint} {problem.code}
                  </Text>
                </span>
              </Group>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {elsewhere > 0 && (
        <Text size="xs" c="dimmed">
          {t.elsewhere(elsewhere)}
        </Text>
      )}
    </Stack>
  );
}
