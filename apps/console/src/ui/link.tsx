import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

type Props = AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>;

const Plain = (props: Props) => <Anchor inherit={props.size === undefined} {...props} />;

/** A link to a page of the console. */
export const TextLink = createLink(Plain);
