import Type from 'typebox';

export const pagingParameters = {
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Page, from 1.', examples: [1] })),
  per_page: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 500, description: 'Entries of a page.', examples: [500] }),
  ),
};
