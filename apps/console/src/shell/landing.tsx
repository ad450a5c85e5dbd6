import { Navigate } from '@tanstack/react-router';
import { useMe } from '../api/session.js';

/** Sends each role to the page that answers its daily question. */
export function Landing() {
  const { data } = useMe();
  if (data === undefined) return null;
  return <Navigate to={data.home as '/today'} replace />;
}
