import 'unpoly';

declare const up: { readonly link: { readonly config: { followSelectors: string[] } } };

up.link.config.followSelectors.push('a[href]');
