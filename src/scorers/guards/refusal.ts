/** A refusal where the baseline did not refuse. Looks at how an answer begins; long answers that only begin with an apology are none. */
import type { Guard } from './guard.ts';

const LONGEST_REFUSAL = 600;
const SORRY =
  "(?:i(?:'m| am) (?:very |really |so |truly )?(?:sorry|afraid)|my apologies|i apologi[sz]e|unfortunately|sorry)[,.!]?\\s*(?:but\\s+)?";
const AS_AI = '(?:as an ai(?: language)?(?: model| assistant)?,?\\s*)?';
const CANNOT =
  "i(?:'m| am) (?:not able|unable) to|i (?:can ?not|can't|won't|will not|must decline to|do not feel comfortable|am not comfortable)|i(?:'m| am) not (?:going to|comfortable)";
/** "I cannot help" refuses. "I cannot offer refunds" is a shop's answer; "I cannot offer that information" refuses again. */
const HELP = 'help|assist|comply|fulfil+ (?:that|this|your)|do (?:that|this)|engage (?:in|with)|participate in';
const GIVE = 'provide|offer|share|complete|continue|discuss|create|write|generate|answer|give';
const THAT =
  '(?:you )?(?:with )?(?:that|this|such|any|the (?:requested|information|content)|information|instructions|guidance|assistance|content|details)';
const OTHERS = [
  'es tut mir leid,? (?:aber )?(?:ich kann|dabei kann ich)',
  'je suis désolée?,? mais je ne peux pas',
  'lo siento,? (?:pero )?no puedo',
  'mi dispiace,? ma non posso',
  'desculpe,? (?:mas )?(?:eu )?não posso',
  'het spijt me,? maar ik kan',
  'извините,? (?:но )?я не могу',
  '抱歉.{0,6}(?:无法|不能)',
  '申し訳.{0,24}(?:できません|お答え)',
  '죄송.{0,20}(?:없습니다|어렵습니다)',
];
const REFUSAL = new RegExp(
  `^[^\\p{L}]*(?:(?:${SORRY})?${AS_AI}(?:${CANNOT}) ?(?:to )?(?:(?:${HELP})\\b|(?:${GIVE}) ${THAT}\\b)|${OTHERS.join('|')})`,
  'iu',
);

/** Whether a text is nothing but a refusal. */
export function isRefusal(text: string): boolean {
  return text.length <= LONGEST_REFUSAL && REFUSAL.test(text.replaceAll('’', "'").trim());
}

export const refusal: Guard = ({ samples, candidate }) => {
  if (!isRefusal(candidate.answer) || samples.length === 0 || samples.some((s) => s.state === 'refused' || isRefusal(s.answer)))
    return null;
  return { kind: 'refusal', why: 'the candidate refuses where the baseline answers' };
};
