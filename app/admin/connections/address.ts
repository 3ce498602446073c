export const LIST_PATH = "/admin/connections";

export const connectionPath = (id: string): string => `${LIST_PATH}/${encodeURIComponent(id)}`;

export const testPath = (id: string, testId: string): string =>
  `${connectionPath(id)}/test/${encodeURIComponent(testId)}`;
