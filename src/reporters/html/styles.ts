/** The one style sheet of the report. Later parts win: small screens and paper come last. */
import palette from '../palette.css';
import base from './styles/base.css';
import caseView from './styles/case.css';
import help from './styles/help.css';
import list from './styles/list.css';
import panels from './styles/panels.css';
import print from './styles/print.css';
import review from './styles/review.css';
import small from './styles/small.css';
import verdicts from './styles/verdicts.css';

export const styles = [palette, base, help, verdicts, panels, list, caseView, review, small, print].join('');
