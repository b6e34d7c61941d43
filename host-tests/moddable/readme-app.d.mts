export function readmeApp(): { program: string; manifest: { include: string[]; modules: object } };
