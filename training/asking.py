"""Words that ask and words that join: what a question holds besides what it is about.

Of most languages there is no training text here. Mixed into queries and passages as noise,
these words learn to weigh little, in each script that they are written in.
"""

from __future__ import annotations

CHINESE = [
    "什么",
    "哪些",
    "多少",
    "为什么",
    "如何",
    "怎么",
    "谁",
    "哪里",
    "在哪里",
    "有哪些",
    "何时",
    "哪一年",
    "什么时候",
    "是什么",
    "多少人",
    "怎样",
    "几个",
    "哪个",
    "哪",
    "是谁",
    "的原因是什么",
    "有什么要求",
    "有何",
    "请问",
    "吗",
    "呢",
    "什么是",
    "是否",
    "多大",
    "多久",
    "几月几日",
    "有多少",
    "叫什么",
    "指的是什么",
    "主要",
    "哪位",
    "哪几个",
]

ENGLISH = [
    "how many", "how much", "how did", "how does", "how long", "how often", "what is", "what was", "what are",
    "what did", "what does", "what kind of", "what type of", "what year did", "in what year", "where is", "where did",
    "where was", "when did", "when was", "when is", "who is", "who was", "who did", "who were", "whose", "why did", "why is",
    "which", "which of the", "what happened to", "what percentage of", "what other", "along with", "besides", "according to",
    "is there", "did the", "does the", "are the", "was the", "what do", "what would", "what can", "how is", "how are",
    "tell me about", "the name of the", "what are the requirements for", "what measures", "called",
]  # fmt: skip

OTHERS = {
    "de": "der die das und in von zu mit den dem ein eine ist war wurde wurden wird hat haben auf für als auch sich nicht bei im am aus nach wer was wie viele wann warum wo welche welcher welches wem wessen",
    "fr": "le la les l des du de un une et à au aux en dans par pour sur avec est était a été sont ont qui que quoi quel quelle quels quelles quand où comment pourquoi combien il elle se son sa ses ce cette",
    "es": "el la los las de del y en un una que es fue era por para con se al su sus como más qué cuál cuáles quién quiénes cuándo dónde cómo cuánto cuántos cuántas por qué ha han lo",
    "pt": "o a os as de do da dos das e em um uma que é foi por para com se no na ao qual quais quem quando onde como quanto quantos",
    "it": "il lo la i gli le di del della e in un una che è era per con si al chi cosa quale quali quando dove come quanto quanti perché",
    "ro": "și de la în cu pe a al ale un o este era fost care ce cine când unde cum cât câți câte din pentru prin nu se mai sa",
    "tr": "ve bir bu ne kim nerede nasıl neden kaç hangi için ile olan olarak en da de mi mı kimin zaman oldu idi göre sonra",
    "vi": "là của và các những một trong được cho với có đã không này khi ai gì nào đâu bao nhiêu tại sao như thế vào năm người ở từ đến về",
    "ru": "и в во на с со к по из за от до для не что кто где когда как какой какая какие какое сколько почему чей был была было были это его её их он она они также",
    "el": "ο η το οι τα του της των και σε στο στη στην με για από που είναι ήταν τι ποιος ποια ποιο ποιοι πότε πού πώς πόσοι πόσα γιατί",
    "ar": "في من على إلى عن مع أن هو هي كان كانت التي الذي ما ماذا متى أين كيف كم لماذا هل أي و هذا هذه بعد",
    "hi": "का की के में से को है हैं था थी थे और ने पर यह एक क्या कौन कब कहाँ कैसे कितने कितना क्यों किस किसने लिए",
    "th": "ที่ และ ใน ของ เป็น การ มี ได้ ให้ จาก อะไร ใคร เมื่อไหร่ ที่ไหน อย่างไร เท่าไหร่ ทำไม ใด คือ",
    "ko": "은 는 이 가 을 를 의 에 에서 와 과 도 로 으로 한 하는 했다 누구 무엇 언제 어디 어떻게 왜 몇 어느 어떤 무슨 인가 인가요 인 이다 있는 된 것은",
    "ja": "は が を に の と で も へ や から まで です ます した する いる ある この その 何 誰 どこ いつ なぜ どの どのような いくつ 何人 何年 ですか か これ こと",
    "en": "the a an of in on at to by for from with and or is was are were be been has had have it its that this which who what when where how did does do as not their his her",
}
