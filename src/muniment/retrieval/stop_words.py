"""Words too common to tell texts apart, per language; dropped from postings and questions alike.

Languages without a list keep all words: BM25's idf makes common ones count little, they only cost space and time.
The lists are ours: articles, pronouns, prepositions, conjunctions and auxiliaries, kept short on purpose, with no word
that can carry a question's subject ("may", "will", "no" of a rule is kept where it is also a noun).
"""

_LISTS = {
    "en": """
        a about above after again against all also am an and any are aren't as at be because been before being below
        between both but by can can't could couldn't did didn't do does doesn't doing don't down during each few for
        from further had has hasn't have haven't having he her here hers herself him himself his how i if in into is
        isn't it its itself just me more most my myself of off on once only or other our ours ourselves out over own
        s same she should shouldn't so some such t than that the their theirs them themselves then there these they
        this those through to too under until up very was wasn't we were weren't what when where which while who
        whom why with won't would wouldn't you your yours yourself yourselves""",
    "de": """
        aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus
        bei bin bis bist da damit dann das dass dasselbe dazu daß dein deine deinem deinen deiner dem den denn der
        derer des dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
        einer eines einig einige einigem einigen einiger einiges einmal er es etwas euch euer eure für gegen gewesen
        hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in
        indem ins ist ja jede jedem jeden jeder jedes jene jenem jenen jener jenes jetzt kann kannst können könnte
        man manche mein meine meinem meinen meiner mich mir mit muss musste nach noch nun nur ob oder ohne sehr sein
        seine seinem seinen seiner seines selbst sich sie sind so solche solchem solchen solcher sollte sondern
        sonst um und uns unser unsere unserem unseren unserer unter viel vom von vor war waren warst was weg weil
        weiter welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wirst wo wollen
        wollte worden während würde würden zu zum zur zwar zwischen über""",
    "fr": """
        ai aie as au aux avait avec avez avoir avons c ce ceci cela ces cet cette ceux d dans de des du elle elles
        en es est et eu eux fut ici il ils j je jusqu l la le les leur leurs lui m ma mais me mes moi mon n ne nos
        notre nous on ont ou où par pas plus pour qu que quel quelle quelles quels qui s sa sans se sera ses si son
        sont sur t ta te tes toi ton tu un une vos votre vous y à étaient était été être""",
    "es": """
        a al algo algunas algunos ante antes como con cual cuando de del desde donde durante e el ella ellas ellos
        en entre era eran es esa esas ese eso esos esta estas este esto estos está están fue fueron ha han hasta hay
        la las le les lo los me mi mis mucho muy más ni nos nosotros o os otra otras otro otros para pero poco por
        porque que quien quienes qué se sea ser si sin sobre son su sus también te tiene tienen todo todos tu tus un
        una unas uno unos y ya yo él""",
    "it": """
        a ad agli ai al all alla alle allo anche c che chi ci coi col come con cui d da dagli dai dal dall dalla
        dalle dallo degli dei del dell della delle dello di dove e ed era erano essere gli ha hanno i il in io l la
        le lei li lo loro lui ma mi mia mie miei mio ne negli nei nel nell nella nelle nello noi non nostra nostro o
        per perché più quale quali quando quanto quella quelle quelli quello questa queste questi questo se sei si
        sia sono sta stata stati stato su sua sue sugli sui sul sull sulla sulle sullo suo suoi ti tra tu tua tuo un
        una uno v vi voi è""",
    "pt": """
        a ao aos aquela aquele aquilo as até com como da das de dela delas dele deles depois do dos e ela elas ele
        eles em entre era eram essa essas esse esses esta estas este estes está estão eu foi foram há isso isto já
        lhe lhes mais mas me mesmo meu meus minha na nas nem no nos nossa nosso não nós o os ou para pela pelas pelo
        pelos por qual quando que quem se sem ser seu seus sua suas são só também te tem têm um uma você à às é""",
    "nl": """
        aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge
        geen had heb hebben heeft hem het hier hij hoe hun ik in is ja je kan kon kunnen maar me meer men met mij
        mijn moet na naar niet nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van
        veel voor want waren was wat we wel werd wezen wie wij worden wordt ze zelf zich zij zijn zo zonder zou""",
    "da": """
        af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter
        eller en end er et for fra ham han hans har havde have hende hendes her hos hun hvad hvis hvor i ikke ind
        jeg jer jo kunne man mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over
        på selv sig sin sine sit skal skulle som sådan thi til ud under var vi vil ville vor være været""",
    "sv": """
        alla allt att av blev bli blir blivit de dem den denna deras dess dessa det detta dig din dina ditt du där
        då efter ej eller en er era ett från för ha hade han hans har henne hennes hon honom hur här i icke ingen
        inom inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni nu när någon något några och
        om oss på samma sedan sig sin sina sitta själv skulle som så sådan till under upp ut utan vad var vara
        varför varit varje vars vart vem vi vid vilka vilken vilket än är över""",
    "no": """
        alle at av bare begge ble blei bli blir blitt både da de deg dei deim deira dem den denne der dere deres det
        dette di din disse ditt du eg ein eit eitt eller elles en er et ett etter for fra før ha hadde han hans har
        hennar henne hennes her hjå ho hos hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke inn ja jeg kan
        kun kunne man mange med meg men mer min mine mitt mot mye nå når og også om opp oss over på seg selv si sia
        sin sine sitt skal skulle slik som så til um under ut uten var vart ved vere vi vil ville vore vår være vært""",
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
