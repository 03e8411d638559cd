"""Domains that the public shares, so that none of them is a team's.

They are no proof: that is DNS, where nobody can place a record for all of them. They turn away what no owner can mean,
with a sentence that says why, and a provider of mailboxes that would prove its customers' domain for a team of its own.
Source: what registries and providers offer to the public, written down by hand on 27 November 2026; the common ones.
"""

_SECOND_LEVELS = {
    "at": "ac co gv or",
    "au": "asn com edu gov id net org",
    "br": "com edu gov net org",
    "cn": "ac com edu gov net org",
    "co": "com edu gov net nom org",
    "cy": "ac com gov net org",
    "es": "com edu gob nom org",
    "gr": "com edu gov net org",
    "hk": "com edu gov idv net org",
    "hu": "co info org",
    "id": "ac co go or sch web",
    "il": "ac co gov muni net org",
    "in": "ac co edu firm gen gov ind net org",
    "jp": "ac ad co ed go gr lg ne or",
    "kr": "ac co go ne or pe re",
    "mx": "com edu gob net org",
    "my": "com edu gov name net org",
    "nz": "ac co geek gen govt iwi maori net org school",
    "pl": "com edu gov info net org",
    "pt": "com edu gov org",
    "ro": "com info nom org store",
    "rs": "ac co edu gov in org",
    "ru": "com msk net org pp spb",
    "sg": "com edu gov net org per",
    "th": "ac co go in mi net or",
    "tr": "av bel com edu gen gov info k12 name net org web",
    "tw": "club com edu gov idv net org",
    "ua": "com edu gov in kiev net org",
    "uk": "ac co gov ltd me net nhs org plc police sch",
    "za": "ac co gov law net org web",
}

PUBLIC_SUFFIXES = frozenset(f"{second}.{top}" for top, seconds in _SECOND_LEVELS.items() for second in seconds.split())

_MAIL = """
gmail.com googlemail.com outlook.com outlook.at outlook.be outlook.cl outlook.co.id outlook.co.th outlook.com.ar
outlook.com.au outlook.com.br outlook.com.gr outlook.com.tr outlook.com.vn outlook.cz outlook.de outlook.dk outlook.es
outlook.fr outlook.hu outlook.ie outlook.in outlook.it outlook.jp outlook.kr outlook.lv outlook.my outlook.ph
outlook.pt outlook.sa outlook.sg outlook.sk hotmail.com hotmail.be hotmail.ch hotmail.co.uk hotmail.com.ar
hotmail.com.br hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.it hotmail.nl hotmail.no hotmail.se
live.com live.at live.be live.ca live.cl live.cn live.co.uk live.com.ar live.com.au live.com.mx live.com.pt live.de
live.dk live.fr live.ie live.in live.it live.jp live.nl live.no live.se msn.com passport.com windowslive.com yahoo.com
yahoo.at yahoo.be yahoo.ca yahoo.ch yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th
yahoo.co.uk yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.ph
yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn yahoo.de yahoo.dk yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.ie
yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se ymail.com ymail.ne.jp rocketmail.com
myyahoo.com aol.com aol.co.uk aol.de aol.fr aol.it aim.com verizon.net netscape.net icloud.com me.com mac.com
privaterelay.appleid.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.co.uk gmx.es gmx.eu gmx.fr gmx.info gmx.it gmx.org
gmx.us web.de email.de mail.com email.com online.de onlinehome.de t-online.de freenet.de arcor.de vodafonemail.de
kabelmail.de unity-mail.de ewe.net ewetel.net netcologne.de osnanet.de versanet.de alice-dsl.net alice-dsl.de
o2mail.de o2online.de mailbox.org posteo.de posteo.net posteo.at posteo.ch posteo.eu posteo.org tutanota.com
tutanota.de tutamail.com tuta.com tuta.io keemail.me eclipso.de eclipso.eu eclipso.ch emailn.de lycos.de firemail.de
mail.de proton.me protonmail.com protonmail.ch pm.me startmail.com runbox.com fastmail.com fastmail.fm fastmail.de
hushmail.com hushmail.me zoho.com zohomail.com zohomail.eu mailfence.com disroot.org riseup.net duck.com mozmail.com
simplelogin.com skiff.com inbox.com inbox.lv mail.ee bluewin.ch hispeed.ch sunrise.ch quickline.ch green.ch aon.at
chello.at a1.net utanet.at inode.at kabsi.at orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr
numericable.fr aliceadsl.fr club-internet.fr voila.fr libero.it virgilio.it tiscali.it tin.it inwind.it iol.it
fastwebnet.it pec.it legalmail.it email.it terra.es telefonica.net ono.com movistar.es sapo.pt clix.pt netcabo.pt
btinternet.com btopenworld.com talktalk.net talk21.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk
tiscali.co.uk eircom.net ziggo.nl kpnmail.nl kpnplanet.nl planet.nl xs4all.nl home.nl hetnet.nl chello.nl upcmail.nl
casema.nl quicknet.nl solcon.nl telenet.be skynet.be proximus.be scarlet.be pt.lu telia.com spray.se bredband.net
comhem.se tele2.se online.no broadpark.no getmail.no stofanet.dk tdcadsl.dk mail.dk jubii.dk kolumbus.fi luukku.com
elisanet.fi suomi24.fi wp.pl o2.pl onet.pl op.pl interia.pl interia.eu poczta.onet.pl poczta.fm gazeta.pl tlen.pl
vp.pl autograf.pl seznam.cz email.cz post.cz centrum.cz volny.cz atlas.cz centrum.sk azet.sk zoznam.sk post.sk
freemail.hu citromail.hu indamail.hu abv.bg mail.bg dir.bg otenet.gr forthnet.gr in.gr siol.net net.hr mail.ru
inbox.ru list.ru bk.ru internet.ru rambler.ru lenta.ru ro.ru yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru
ukr.net i.ua meta.ua bigmir.net tut.by comcast.net xfinity.com att.net sbcglobal.net bellsouth.net cox.net charter.net
earthlink.net juno.com netzero.net optonline.net windstream.net centurylink.net roadrunner.com rr.com rogers.com
bell.net sympatico.ca shaw.ca telus.net videotron.ca uol.com.br bol.com.br terra.com.br ig.com.br globo.com
globomail.com r7.com zipmail.com.br oi.com.br prodigy.net.mx bigpond.com bigpond.net.au optusnet.com.au iinet.net.au
xtra.co.nz slingshot.co.nz qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn
aliyun.com 21cn.com tom.com naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
i.softbank.jp nifty.com rediffmail.com sify.com indiatimes.com walla.co.il walla.com 012.net.il netvision.net.il
mynet.com superonline.com hotmail.com.tr webmail.co.za mweb.co.za vodamail.co.za telkomsa.net mailinator.com
guerrillamail.com sharklasers.com yopmail.com 10minutemail.com temp-mail.org trashmail.com trash-mail.com
spamgourmet.com byom.de wegwerfemail.de
"""

PUBLIC_MAIL = frozenset(_MAIL.split())
