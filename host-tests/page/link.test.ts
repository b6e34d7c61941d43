// How the page stands to its agent: tokens, and agents that are gone and come back.
import { crowd, member } from "./mock-agent.js";
import { describePage, eventually, expect, rowTexts, test } from "./support.js";

const TOKEN = "0123456789abcdef";

describePage("link", ({ agent, open }) => {
  test("says-that-the-agent-is-gone-and-goes-on-when-it-is-back", async () => {
    const mock = await agent({ members: crowd(2) });
    mock.tell("memberUp", "first");
    const page = await open(mock);
    await eventually(() => page.locator(".events li bdi").allInnerTexts(), ["first"]);
    await mock.stop();
    await page.locator(".notice.bad", { hasText: "The agent is gone" }).waitFor();
    // What was known last can still be read.
    expect((await rowTexts(page)).length).toBe(3);
    mock.tell("memberUp", "meanwhile");
    mock.members.set("10.7.7.7:7946", member("10.7.7.7:7946"));
    await mock.start();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator('.link[data-link="live"]').waitFor();
    await eventually(async () => (await rowTexts(page)).includes("10.7.7.7:7946"), true);
    await eventually(() => page.locator(".events li bdi").allInnerTexts(), ["meanwhile", "first"]);
    expect(await page.locator(".notice.bad").count()).toBe(0);
    expect(mock.lastIds).toEqual(["0", "1"]);
  });

  test("comes-back-by-itself", async () => {
    const mock = await agent({ members: crowd(2) });
    const page = await open(mock);
    await mock.stop();
    await page.locator('.link[data-link="gone"]').waitFor();
    await mock.start();
    await page.locator('.link[data-link="live"]').waitFor();
  });

  test("takes-the-token-from-the-address-bar-and-hides-it-there", async () => {
    const mock = await agent({ members: crowd(2), token: TOKEN, info: { verbs: true } });
    const page = await open(mock, { hash: "#token=" + TOKEN });
    expect(page.url()).toBe(mock.url);
    await page.reload();
    await page.locator('.link[data-link="live"]').waitFor();
    expect((await rowTexts(page)).length).toBe(3);
  });

  test("asks-for-the-token-where-one-is-needed", async () => {
    const mock = await agent({ members: crowd(2), token: TOKEN });
    const page = await open(mock, { isLocked: true });
    await page.locator(".notice input").fill("wrong");
    await page.getByRole("button", { name: "Open" }).click();
    await page.locator('.link[data-link="locked"]').waitFor();
    await page.locator(".notice input").fill(TOKEN);
    await page.getByRole("button", { name: "Open" }).click();
    await page.locator('.link[data-link="live"]').waitFor();
  });

  test("publishes-pings-and-leaves-where-it-may-and-leaves-only-when-asked-twice", async () => {
    const mock = await agent({ members: crowd(2), token: TOKEN, info: { verbs: true } });
    const page = await open(mock, { hash: "#token=" + TOKEN });
    await page.locator(".rows .line", { hasText: "10.0.0.1:7946" }).click();
    await page.getByRole("button", { name: "Ping" }).click();
    await eventually(
      () => page.locator(".verb [role=status]").innerText(),
      "directly 1.3 ms; by 10.0.0.9:7946 no answer.",
    );
    await page.locator(".own button").click();
    await page.getByLabel("New record of this node").fill("open <b>");
    await page.getByRole("button", { name: "Publish" }).click();
    await eventually(() => mock.posts.length, 2);
    await page.getByRole("button", { name: "Leave the cluster" }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    await page.getByRole("button", { name: "Leave the cluster" }).click();
    expect(mock.posts.length).toBe(2);
    await page.getByRole("button", { name: "Leave now" }).click();
    await eventually(() => mock.posts.length, 3);
    const authorization = "Bearer " + TOKEN;
    expect(mock.posts).toEqual([
      { path: "/api/ping", body: { member: "10.0.0.1:7946" }, authorization },
      { path: "/api/publish", body: { value: "open <b>" }, authorization },
      { path: "/api/leave", body: {}, authorization },
    ]);
  });

  test("offers-no-verbs-to-who-may-not", async () => {
    const page = await open(await agent({ members: crowd(1) }));
    await page.locator(".own button").click();
    await page.locator(".details .facts").last().waitFor();
    expect(await page.locator(".verb").count()).toBe(0);
  });
});
