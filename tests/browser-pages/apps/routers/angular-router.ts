// What the packages of Angular leave to a compiler is compiled as they load.
import '@angular/compiler';
import { Component, inject, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter, Router, RouterLink, RouterOutlet } from '@angular/router';
import { decide, items, links } from './shared.js';

@Component({ template: '' })
class Nothing {}

@Component({ template: '<input (input)="filter($event)">' })
class List {
  readonly #router = inject(Router);

  filter({ target }: Event): void {
    const { value } = target as HTMLInputElement;
    this.#router.navigate([], { queryParams: { q: value }, replaceUrl: true });
  }
}

@Component({
  selector: '#app',
  imports: [RouterLink, RouterOutlet],
  template: `
    <h1>{{ path() }}</h1>
    @for (link of links; track link) { <a [routerLink]="link">{{ link }}</a> }
    <a id="anchor" [routerLink]="path()" fragment="section">section</a>
    <button id="burst" (click)="burst()">burst</button>
    <router-outlet />
  `,
})
class Layout {
  readonly links = links;
  readonly router: Router = inject(Router);

  path(): string {
    return (
      this.router
        .lastSuccessfulNavigation()
        ?.finalUrl?.toString()
        .replace(/[?#].*/, '') ?? ''
    );
  }

  burst(): void {
    for (const path of items) this.router.navigateByUrl(path);
  }
}

bootstrapApplication(Layout, {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter([
      { path: '', pathMatch: 'full', redirectTo: '/inbox' },
      { path: 'list', component: List },
      {
        path: 'old',
        component: Nothing,
        canActivate: [
          async () => {
            const router = inject(Router);
            await decide();
            return router.parseUrl('/new');
          },
        ],
      },
      { path: '**', component: Nothing },
    ]),
  ],
});
