const KEY = "xswim-token";

/** Takes the token from the address bar (#token=…), where it does not stay, or from this tab's memory. */
export function readToken(): string | undefined {
  const inAddress = new URLSearchParams(location.hash.slice(1)).get("token");
  if (inAddress !== null && inAddress !== "") {
    keepToken(inAddress);
    history.replaceState(null, "", location.pathname + location.search);
    return inAddress;
  }
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it until the tab is closed; a browser that keeps nothing asks again. */
export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    return;
  }
}
