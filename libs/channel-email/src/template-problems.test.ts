import { expect, it } from 'vitest';
import { lintWhole, readWorkspaceFolder } from '#libs/application';
import { emailTemplateProblems } from './template-problems.js';

async function told(path: string, text: string): Promise<readonly (readonly unknown[])[]> {
  const { files } = await readWorkspaceFolder('scenarios');
  const changed = new Map(files).set(path, text);
  const { workspace, problems } = await lintWhole(changed, emailTemplateProblems);
  expect(workspace === undefined).toBe(problems.length > 0);
  return problems.map(({ code, place }) => [code, place?.file, place?.line]);
}

it('a workspace with a template that could not be sent is not published', async () => {
  expect(await told('templates/none.txt', '')).toEqual([['RLN-1104', 'templates/none.txt', 1]]);
  const subject = 'templates/welcome-offer/subject.fr.hbs';
  for (const wrong of ['{{#if profile.firstName}}\noops', '{{', '{{> other}}']) {
    expect((await told(subject, wrong)).map(([code, file]) => [code, file])).toEqual([
      ['RLN-1410', subject],
    ]);
  }
  const body = 'templates/welcome-offer/body.en.mjml';
  for (const wrong of [
    '<mjml><mj-bod>{{unsubscribe_url}}</mj-bod></mjml>',
    '{{unsubscribe_url}}',
  ]) {
    expect((await told(body, wrong)).map(([code, file]) => [code, file])).toContainEqual([
      'RLN-1410',
      body,
    ]);
  }
});

it('a text of an SMS or a task that could not be written is not published either', async () => {
  const { files } = await readWorkspaceFolder('scenarios');
  const sms = files.get('actions/winback-offer-15.yaml') ?? '';
  const task = files.get('actions/reorder-call.yaml') ?? '';
  const scenario = files.get('abandoned-cart.yaml') ?? '';
  const action = 'actions/winback-offer-15.yaml';
  for (const wrong of ['{{#if profile.firstName}}', '{{> other}}', '{{shout profile.firstName}}']) {
    const text = sms.replace('en: "Maison', `en: "${wrong} Maison`);
    expect((await told(action, text)).map((each) => each.slice(0, 3))).toContainEqual([
      'RLN-1412',
      action,
      17,
    ]);
  }
  expect(
    await told('actions/reorder-call.yaml', task.replace('{{profile.lastName}}"', '{{"')),
  ).toEqual([['RLN-1412', 'actions/reorder-call.yaml', 14]]);
  const title = scenario.replace('{{profile.firstName}}"', '{{/if}}"');
  expect(await told('abandoned-cart.yaml', title)).toEqual([
    ['RLN-1412', 'abandoned-cart.yaml', 52],
  ]);
  const block = scenario.replace(
    'title: "Appeler {{profile.firstName}}", due: 2d',
    'title: "Appeler\\n{{/if}}", due: 2d',
  );
  expect(await told('abandoned-cart.yaml', block)).toEqual([
    ['RLN-1412', 'abandoned-cart.yaml', 52],
  ]);
});

it('the workspace of the sample holds no such template', async () => {
  const { files } = await readWorkspaceFolder('scenarios');
  expect((await lintWhole(files, emailTemplateProblems)).problems).toEqual([]);
});
