export function readmeApp(): { program: string; manifest: { include: string[]; modules: object } };
export function firstProgram(): string;
