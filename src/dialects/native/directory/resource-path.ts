import type { DirectoryResource } from '../../../directory/resources/resource.ts';

/** Where a resource is found: the lists of the directory file, one below the other. */
export interface ResourcePath {
  /** `/organizations/:organization/apps` */
  readonly collection: string;
  /** `/organizations/:organization/apps/:app`; the collection itself where an entry has at most one of its kind. */
  readonly entry: string;
  /** Parameters of `entry`, outermost first. */
  readonly parameters: readonly string[];
}

export function resourcePath({ path }: DirectoryResource): ResourcePath {
  let collection = '';
  let entry = '';
  const parameters: string[] = [];
  for (const kind of path) {
    collection = `${entry}/${kind.list}`;
    if (kind.form === 'single') entry = collection;
    else {
      const parameter = kind.name.toLowerCase().replaceAll(' ', '_');
      parameters.push(parameter);
      entry = `${collection}/:${parameter}`;
    }
  }
  return { collection, entry, parameters };
}

/** The path of one entry, its addresses filled in. */
export function fillPath(path: string, addresses: readonly string[]): string {
  const left = [...addresses];
  return path.replace(/:[a-z_]+/g, () => encodeURIComponent(left.shift() ?? ''));
}
