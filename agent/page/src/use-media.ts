import { useEffect, useState } from "preact/hooks";

/** Whether the browser answers this query of media with yes, now and later. */
export function useMedia(query: string): boolean {
  const [isSo, setIsSo] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = (): void => setIsSo(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return isSo;
}

/** Whether the page is as narrow as on a phone; the style has the same limit. */
export const useIsNarrow = (): boolean => useMedia("(max-width: 760px)");

/** Whether it is dark; what is drawn on a canvas takes its colours anew then. */
export const useIsDark = (): boolean => useMedia("(prefers-color-scheme: dark)");
