// Whether somebody has closed the introduction in this browser. No part of the experiment: never in the link.

import { useState } from 'react';

const KEY = 'tilescope.introduced';

function isIntroduced(): boolean {
  // Storage may be switched off; then it is closed as long as the page is open.
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function useFirstVisit(): { isFirst: boolean; onSeen(): void } {
  const [isFirst, setFirst] = useState(() => !isIntroduced());
  return {
    isFirst,
    onSeen() {
      setFirst(false);
      try {
        localStorage.setItem(KEY, '1');
      } catch {
        // As above.
      }
    },
  };
}
