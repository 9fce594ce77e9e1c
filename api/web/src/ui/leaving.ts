/** What a page does with work that the server does not have yet, before it goes. */

import { useEffect, useRef } from "react";

/**
 * Send what waits when the page goes, and ask before it does while something is *unsaved*.
 *
 * It is kept on this machine, but whoever leaves for another page of the draft would there see the
 * text without it.
 */
export function useLeaving(unsaved: boolean, flush: () => void): void {
  const now = useRef({ unsaved, flush });
  useEffect(() => {
    now.current = { unsaved, flush };
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      now.current.flush();
      if (now.current.unsaved) event.preventDefault();
    };
    const leave = () => now.current.flush();
    window.addEventListener("beforeunload", ask);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("pagehide", leave);
    };
  }, []);
}
