import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMe } from '../api/session.js';

/** Sends each role to the page that answers its daily question. */
export function Landing() {
  const router = useRouter();
  const home = useMe().data?.home;
  useEffect(() => {
    if (home !== undefined) router.history.replace(home);
  }, [router, home]);
  return null;
}
