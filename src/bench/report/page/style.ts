import { CHART_STYLE } from './chart-style.ts'

const LIGHT = `--bg:#f7f7f5;--card:#fff;--ink:#1b1f24;--soft:#565e67;--line:#dcdfe3;--grid:#e8eaed;
--classic:#5b6470;--search:#8f5b00;--code:#0b5cba;--auto:#7a35d6;--less:#0b7550;--more:#b2321a;--less-fill:#2f9e77;--more-fill:#d9583c;
--t-classic:#e6e8eb;--t-search:#f8ebcf;--t-code:#dceafb;--read:#0b5cba;--write:#b07100;--wait:#8a939d;--measured:#1b1f24;`

const DARK = `--bg:#121518;--card:#1a1e22;--ink:#e7eaed;--soft:#a4adb6;--line:#343b42;--grid:#2a3036;
--classic:#b3bcc6;--search:#e8b75a;--code:#74b6ff;--auto:#cba6ff;--less:#56cfa0;--more:#ff9277;--less-fill:#349a75;--more-fill:#d5654a;
--t-classic:#343a41;--t-search:#463718;--t-code:#18344f;--read:#74b6ff;--write:#e8b75a;--wait:#6f7983;--measured:#f2f4f6;`

const PAGE = `*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:21px;line-height:1.3;margin:0 0 4px;letter-spacing:-.005em}
h3{font-size:15.5px;margin:26px 0 4px}
p{margin:6px 0 10px;max-width:76ch}
p.soft{font-size:15px;max-width:80ch}
ul{margin:6px 0 12px;padding-left:20px;max-width:76ch}
li{margin:3px 0}
a{color:var(--code)}
code{font:13.5px ui-monospace,"SFMono-Regular",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.soft,figcaption,caption{color:var(--soft)}
.lede{font-size:17px}
nav{margin:18px 0 0;font-size:14.5px;line-height:1.9}
nav a{margin-right:16px;white-space:nowrap;text-decoration:none}
nav a:hover{text-decoration:underline}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 24px 20px;margin:22px 0}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 8px;padding:0;list-style:none;max-width:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:13px 16px 12px;margin:0;flex:1 1 210px}
.cards b{display:block;font-size:14px;font-weight:600}
.cards span{display:block;font-size:13.5px;color:var(--soft)}
.cards .big{font-size:27px;line-height:1.3;font-weight:650;color:var(--ink);letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.cards .big.l{color:var(--less)}.cards .big.m{color:var(--more)}
figure{margin:14px 0 6px}
figcaption{font-size:14px;margin-bottom:8px;max-width:84ch}
.grid3{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px 22px}
.grid2{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px 30px}
.cell h4{font-size:14px;margin:0 0 4px}
.kinds{display:grid;grid-template-columns:104px repeat(3,minmax(0,1fr));gap:6px 16px;align-items:center}
.kinds h4{margin:0;font-size:14px;overflow-wrap:anywhere}
.kinds .head{font-weight:600;font-size:14px}
.kinds .cap{display:none}
.kinds.of2{grid-template-columns:104px repeat(2,minmax(0,1fr))}.kinds.of1{grid-template-columns:104px minmax(0,1fr)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;padding:0;margin:8px 0 12px;font-size:14px;max-width:none}
.legend li{display:flex;align-items:center;gap:7px;margin:0}
.legend svg{width:38px;height:16px;flex:none}
.scroll{overflow-x:auto;margin:10px 0 14px;border:1px solid var(--line);border-radius:8px;position:relative}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--code);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:9px 9px 7px;font-size:13.5px}
th,td{padding:5px 9px;text-align:right;white-space:nowrap;border-top:1px solid var(--line);vertical-align:top}
thead th{font-weight:600;color:var(--soft);font-size:12.5px}
th[scope=row],th:first-child,.t{text-align:left}
th[scope=row]{font-weight:500}
th[scope=rowgroup]{text-align:left;background:var(--bg);font-weight:650}
td.p{white-space:normal;min-width:220px;overflow-wrap:anywhere}
.l{color:var(--less)}.m{color:var(--more);font-weight:600}
.tall{max-height:640px;overflow-y:auto}.tall thead th{position:sticky;top:0;background:var(--card);box-shadow:0 1px var(--line)}
td b{color:var(--more);font-weight:600}
td small{display:block;color:var(--soft);font-weight:400;font-size:11.5px}
details{margin:10px 0}
summary{cursor:pointer;font-weight:600;font-size:15px;padding:4px 0}
.none{padding:10px 14px;border:1px dashed var(--line);border-radius:8px}
dl{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;gap:4px 22px;font-size:14.5px;margin:10px 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
footer{padding-bottom:44px;font-size:13.5px;color:var(--soft)}
.defs{position:absolute;width:0;height:0;overflow:hidden}
`

const SMALL = `@media (max-width:720px){
main,header,footer{padding:0 12px}header{padding-top:24px}h1{font-size:25px}
section{padding:16px 14px 14px;margin:14px 0;border-radius:8px}
.grid2,.grid3,.kinds,.kinds.of2,.kinds.of1{grid-template-columns:minmax(0,1fr)}
.kinds .head{display:none}.kinds .cap{display:block;font-size:13px;color:var(--soft)}.kinds h4{margin-top:12px;font-size:15px}
.cards{gap:8px}.cards li{padding:10px 12px;flex-basis:145px}.cards .big{font-size:22px}
.wide{display:none}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:8px}
}
@media (min-width:721px){.slim{display:none}}
`

const PAPER = `@media print{
body{background:#fff;font-size:10.5pt}main,header,footer{max-width:none;padding:0}nav{display:none}
section{border:0;padding:0;margin:16pt 0;border-radius:0}.scroll{overflow:visible;border:0;max-height:none}
table{font-size:8pt}th,td{padding:2pt 4pt}thead th{white-space:normal}td{white-space:normal}td.p{min-width:0}.grid3{grid-template-columns:repeat(2,minmax(0,1fr))}
figure,.cell,tr,.cards li{break-inside:avoid}h2,h3,summary{break-after:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}
.cut,rect,path{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`

/** The style sheet of the page: light, dark where the reader's system is, narrow, and paper, which is always light. */
export const STYLE = `:root{color-scheme:light;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${DARK}}}
${PAGE}${CHART_STYLE}${SMALL}${PAPER}`
