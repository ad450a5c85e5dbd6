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

it('the workspace of the sample holds no such template', async () => {
  const { files } = await readWorkspaceFolder('scenarios');
  expect((await lintWhole(files, emailTemplateProblems)).problems).toEqual([]);
});
