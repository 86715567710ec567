// Where every example starts. What there is to see is in src/; the build makes dist/ of it.
import './dist/main.mjs';
