"""Words that carry the form of a question, not its subject, by language.

In a small index their frequency alone does not give them away.
"""

from __future__ import annotations

_LISTS = {
    "en": """
a about above after again against all also am an and any are as at be because been before being
below between both but by can could did do does doing down during each few for from further had
has have having he her here hers herself him himself his how i if in into is it its itself just
may me might more most much must my myself no nor not now of off on once only or other our ours
out over own said same say says shall she should so some such tell than that the their theirs them
themselves then there these they this those through to too under until up very was we were what
when where which while who whom whose why will with would you your yours
""",
    "de": """
aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann
das dass daß dein deine dem den denn der des dessen die dies diese diesem diesen dieser dieses
doch dort du durch ein eine einem einen einer eines er es etwas euch für gab gegen gibt habe haben
hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja kann kein
keine können könnte machen man mehr mein mit muss nach nicht noch nun nur ob oder ohne sehr sein
seine seinem seinen seiner seit sich sie sind so soll um und uns unter vom von vor wann war waren
warum was welche welchem welchen welcher welches wem wen wenn wer werden wessen wie wieso wieviel
wieviele wird wo wohin wodurch womit worden wurde wurden über zu zum zur zwischen
""",
    "es": """
a al algo algún alguna algunas alguno algunos ante antes aquel aquella cada como cómo con contra
cual cuál cuales cuáles cualquier cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto
cuantos cuántos de del desde donde dónde dos durante e el él ella ellas ellos en entre era eran es
esa esas ese eso esos esta está estaba están estas este esto estos fue fueron ha había hace haber
han hasta hay la las le les lo los más me mi muy nada ni no nos o otra otro para pero por porque
qué que quien quién quienes quiénes se ser si sí sido sin sobre son su sus también tan tanto te
tiene tienen tu un una unas uno unos y ya yo
""",
    "fr": """
à afin ai ainsi alors après as au aucun aura aussi autre aux avait avant avec avoir ayant c ce
ceci cela celle celles celui ces cet cette ceux chez ci combien comme comment d dans de depuis des
desquels donc dont du duquel durant elle elles en entre es est et étaient était été être eu eut
eux fait faut furent fut il ils j je jusqu l la là laquelle le lequel les lesquelles lesquels leur
leurs lors lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par pas pendant
peut plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si
son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y
""",
    "ru": """
а без более бы был была были было быть в вам вас весь во вот все всё всего всех вы где да даже для
до его ее её ей ему если есть еще ещё же за зачем и из или им их к как какая какие каким каких
какого какое какой каком какому какую ко когда кого кому которая которого которое которой который
которых кто куда ли либо между меня мне много можно мой мы на над надо нам нас не него нее неё нет
ни них но ну о об однако он она они оно от откуда очень по под после потому почему при про с сам
свои свой со сколько так также такой там те тем то того тоже той только том тот ты у уже чего чей
чем чему что чтобы чья эта эти это этого этой этом этот эту я является являются
""",
    "uk": """
а або але б без би був була були було бути в вас вже ви від він вона вони воно все всі всіх де для
до є ж за з зі із й його її їй їх і із інших коли кого кому котрий кілька куди має між мене ми
може на над навіщо нам нас не нема неї ним них ні о об однак по під після при про та так також там
те ти тим тих то того той тому ту у хто це цей ця ці цього цієї цьому чи чий чия чим чого чому що
щоб яка яке який яким яких якого якої якою якій яку які як скільки звідки я
""",
    "fa": """
آن آنان آنجا آنها آیا از است اش اگر اما ام اند او ای ایشان این اینجا اینکه با باشد باشند بر برای
بعد بنابراین بود بودند بوده به بی پس پیش تا تو چرا چطور چقدر چگونه چند چندم چه چون چیست چیزی چیز
خود خواهد خواهند داد دارای دارد دارند داشت داشتند در درباره دهد را رو روی زیرا سپس شان شد شدن شدند
شده شما شود شوند طبق کجا کجاست کدام کدامند کرد کردن کردند کرده کس کسانی کسی کند کنند که کی کیست
گفت گفته ما مانند مگر من می میان نام نیز نیست ها های هایی هر هم همان همه همچنین همین هنوز هیچ و
ولی وی یا یک یکی منظورم داری دارید دارین داریم کن کنید بود شده میشه میشود میکنند
""",
    "ar": """
إذا إلا إلى إن إنه أن أنا أنت أنه أو أي أية أين أبو أخرى بعد بعض بل بما بن به بها بين تلك تم تكون
ثم حتى حول حيث حين خلال دون ذلك سوف على عليه عليها عن عند عندما غير فقط في فيه فيها قبل قد كان
كانت كذلك كل كم كما كيف لا لأن لدى لقد لم لماذا لن له لها لهم لو ليس ليست ما ماذا متى مع من منذ
منه منها من هذا هذه هل هم هما هنا هناك هو هؤلاء هي و وقد وكان ولا وما وهو وهي يتم يكون التي الذي
الذين اللذان اللتان أقصد قصدي عندك لديك
""",
}

STOP_WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
"""Of the languages of the interface, in small letters."""
