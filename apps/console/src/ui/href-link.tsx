import { Anchor } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface HrefLinkProps {
  /** A path of the console as the server gave it, `/dead-letters?code=RLN-2101`. */
  readonly href: string;
  readonly children: ReactNode;
}

/** A link to wherever the server points within the console. */
export function HrefLink({ href, children }: HrefLinkProps) {
  const router = useRouter();
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return (
    <Anchor inherit underline="always" href={href} onClick={open}>
      {children}
    </Anchor>
  );
}
