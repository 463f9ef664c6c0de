import packageJson from '../../package.json' with { type: 'json' };

/** How the API server's audit log names us. */
export const USER_AGENT = `${packageJson.name}/${packageJson.version} (${process.platform}/${process.arch})`;
