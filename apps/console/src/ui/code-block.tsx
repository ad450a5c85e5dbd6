import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import classes from './code-block.module.css';
import { Icon } from './icon.js';

interface CodeBlockProps {
  readonly label: string;
  readonly text: string;
  /** What is copied where it is not what is shown: a password that stays hidden. */
  readonly copied?: string;
}

/** Text to copy as it stands. */
export function CodeBlock({ label, text, copied: toCopy = text }: CodeBlockProps) {
  const t = useTexts(common);
  return (
    <div className={classes['frame']}>
      <pre className={classes['text']} tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <CopyButton value={toCopy}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t.copied : t.copy}>
            <ActionIcon
              variant="default"
              className={classes['copy'] ?? ''}
              aria-label={copied ? t.copied : t.copy}
              onClick={copy}
            >
              <Icon name={copied ? 'check' : 'copy'} size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
