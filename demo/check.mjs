// Opens the page that was built in a headless browser and says what it shows. Exits with 1 if it does not work.
import { launch, openConsole, readMoment } from '../tests/browser/browser.mjs';

let browser;
try {
  browser = await launch();
  const { page, problems } = await openConsole(browser);
  const { host, facts, sentence } = await readMoment(page);
  const footer = await page.locator('footer').innerText();
  if (problems.length > 0) throw new Error(problems.join('\n'));
  if (!facts.includes('since')) throw new Error(`expected an alert, got: ${facts}`);
  console.log(`the page works without network; its worst incident: ${host}: ${sentence}`);
  console.log(footer.trim());
} catch (error) {
  console.error(`the page does not work: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser?.close();
}
