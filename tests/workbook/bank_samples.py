"""One small statement in each format of a bank, the same two lines in all: 1,250.75 in, 3.00 out."""

from __future__ import annotations

MT940 = """\
:20:STMT1
:25:998877
:28C:00003/001
:60F:C240301USD3752,25
:61:2403050305C1250,75NTRFINV-202401-0003//F1
:86:/REMI/INV-202401-0003 thank you
:61:2403060306D3,00NCHGNONREF//F2
:86:Monthly fee
:62F:C240331USD5000,00
"""

CAMT = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Id>STMT-3</Id><FrToDt><FrDtTm>2024-03-01T00:00:00</FrDtTm><ToDtTm>2024-03-31T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>998877</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">3752.25</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2024-03-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2024-03-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="USD">1250.75</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-03-05</Dt></BookgDt>
<AcctSvcrRef>F1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E2E-7</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>Tarnwick Instruments Inc.</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>INV-202401-0003</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="USD">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-03-06</Dt></BookgDt>
<AcctSvcrRef>F2</AcctSvcrRef><AddtlNtryInf>Monthly fee</AddtlNtryInf></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""

OFX = """\
OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20240331<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>123<ACCTID>998877<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20240301<DTEND>20240331
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20240305
<TRNAMT>1250.75
<FITID>F1
<NAME>Tarnwick Instruments Inc.
<MEMO>INV-202401-0003
</STMTTRN>
<STMTTRN>
<TRNTYPE>FEE
<DTPOSTED>20240306
<TRNAMT>-3.00
<FITID>F2
<NAME>Monthly fee
</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>5000.00<DTASOF>20240331</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

FORMATS = {"mt940": ("statement.sta", MT940), "camt": ("statement.xml", CAMT), "ofx": ("statement.ofx", OFX)}
