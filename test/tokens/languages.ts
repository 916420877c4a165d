/** A few sentences in each of many languages, written for these tests. What the words say does not matter; that they are ordinary does. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  English:
    'The committee met on Thursday to discuss how the new library should be paid for. Nobody expected the decision to take long, yet the meeting went on until midnight. Some members wanted a larger reading room, while others asked for quiet places where students could work. In the end they agreed that a building which nobody visits is worth less than a smaller one full of people. Please write a short summary of the following report, list its main arguments, and say which of them you find convincing. If something is unclear, ask before you answer. My grandmother used to bake bread every Saturday morning, and the smell reached the neighbours before we were awake.',
  Spanish:
    'La comisión se reunió el jueves para hablar de cómo pagar la nueva biblioteca. Nadie pensaba que la decisión fuera a tardar tanto, pero la reunión duró hasta la medianoche. Algunos querían una sala de lectura más grande, otros pedían lugares tranquilos donde los estudiantes pudieran trabajar. Escribe un resumen breve del informe y explica qué argumentos te parecen convincentes. Mi abuela hacía pan todos los sábados por la mañana.',
  French:
    "La commission s'est réunie jeudi pour discuter du financement de la nouvelle bibliothèque. Personne ne s'attendait à ce que la décision prenne autant de temps, mais la séance a duré jusqu'à minuit. Certains voulaient une salle de lecture plus grande, d'autres demandaient des endroits calmes où les étudiants pourraient travailler. Écrivez un court résumé du rapport et dites quels arguments vous semblent convaincants. Ma grand-mère faisait du pain chaque samedi matin.",
  German:
    'Der Ausschuss traf sich am Donnerstag, um über die Finanzierung der neuen Bibliothek zu sprechen. Niemand hatte erwartet, dass die Entscheidung so lange dauern würde, doch die Sitzung ging bis Mitternacht. Einige Mitglieder wünschten sich einen größeren Lesesaal, andere verlangten ruhige Arbeitsplätze für Studierende. Schreibe bitte eine kurze Zusammenfassung des Berichts und erkläre, welche Argumente überzeugend sind. Meine Großmutter backte jeden Samstagmorgen Brot.',
  Portuguese:
    'A comissão reuniu-se na quinta-feira para discutir como pagar a nova biblioteca. Ninguém esperava que a decisão demorasse tanto, mas a reunião durou até à meia-noite. Alguns queriam uma sala de leitura maior, outros pediam lugares tranquilos onde os estudantes pudessem trabalhar. Escreve um pequeno resumo do relatório e diz quais argumentos te parecem convincentes.',
  Italian:
    'La commissione si è riunita giovedì per discutere come pagare la nuova biblioteca. Nessuno si aspettava che la decisione richiedesse tanto tempo, ma la riunione è durata fino a mezzanotte. Alcuni volevano una sala di lettura più grande, altri chiedevano luoghi tranquilli dove gli studenti potessero lavorare. Scrivi un breve riassunto della relazione.',
  Dutch:
    'De commissie kwam donderdag bijeen om te bespreken hoe de nieuwe bibliotheek betaald moest worden. Niemand had verwacht dat het besluit zo lang zou duren, maar de vergadering ging door tot middernacht. Sommige leden wilden een grotere leeszaal, anderen vroegen om rustige werkplekken voor studenten. Schrijf een korte samenvatting van het verslag.',
  Swedish:
    'Utskottet träffades på torsdagen för att diskutera hur det nya biblioteket skulle betalas. Ingen hade väntat sig att beslutet skulle ta så lång tid, men mötet fortsatte till midnatt. Några ville ha en större läsesal, andra bad om lugna platser där studenterna kunde arbeta. Skriv en kort sammanfattning av rapporten.',
  Polish:
    'Komisja spotkała się w czwartek, aby omówić finansowanie nowej biblioteki. Nikt nie spodziewał się, że decyzja zajmie tyle czasu, lecz posiedzenie trwało do północy. Niektórzy członkowie chcieli większej czytelni, inni prosili o ciche miejsca, w których studenci mogliby pracować. Napisz krótkie streszczenie raportu i powiedz, które argumenty są przekonujące.',
  Czech:
    'Výbor se sešel ve čtvrtek, aby projednal financování nové knihovny. Nikdo nečekal, že rozhodnutí bude trvat tak dlouho, ale schůze se protáhla až do půlnoci. Někteří členové chtěli větší čítárnu, jiní žádali klidná místa, kde by studenti mohli pracovat. Napiš krátké shrnutí zprávy.',
  Finnish:
    'Valiokunta kokoontui torstaina keskustelemaan uuden kirjaston rahoituksesta. Kukaan ei odottanut päätöksen kestävän niin kauan, mutta kokous jatkui keskiyöhön asti. Jotkut jäsenet halusivat suuremman lukusalin, toiset pyysivät hiljaisia paikkoja, joissa opiskelijat voisivat työskennellä. Kirjoita lyhyt yhteenveto raportista.',
  Hungarian:
    'A bizottság csütörtökön ült össze, hogy megvitassa az új könyvtár finanszírozását. Senki sem számított arra, hogy a döntés ilyen sokáig tart, de az ülés éjfélig húzódott. Néhány tag nagyobb olvasótermet szeretett volna, mások csendes helyeket kértek, ahol a diákok dolgozhatnak.',
  Turkish:
    'Komisyon, yeni kütüphanenin nasıl finanse edileceğini görüşmek üzere perşembe günü toplandı. Hiç kimse kararın bu kadar uzun sürmesini beklemiyordu, ancak toplantı gece yarısına kadar devam etti. Bazı üyeler daha büyük bir okuma salonu istedi, diğerleri öğrencilerin çalışabileceği sessiz yerler talep etti.',
  Vietnamese:
    'Ủy ban đã họp vào thứ năm để thảo luận về cách chi trả cho thư viện mới. Không ai nghĩ rằng quyết định lại mất nhiều thời gian như vậy, nhưng cuộc họp kéo dài đến nửa đêm. Một số thành viên muốn có phòng đọc lớn hơn, những người khác yêu cầu những nơi yên tĩnh để sinh viên làm việc.',
  Indonesian:
    'Komite bertemu pada hari Kamis untuk membahas bagaimana perpustakaan baru akan dibiayai. Tidak ada yang menyangka keputusan itu akan memakan waktu begitu lama, tetapi rapat berlangsung sampai tengah malam. Beberapa anggota menginginkan ruang baca yang lebih besar, yang lain meminta tempat tenang bagi mahasiswa untuk bekerja.',
  Swahili:
    'Kamati ilikutana siku ya Alhamisi ili kujadili jinsi maktaba mpya itakavyolipiwa. Hakuna aliyetarajia uamuzi uchukue muda mrefu, lakini mkutano uliendelea hadi usiku wa manane. Baadhi ya wanachama walitaka chumba kikubwa cha kusomea, wengine waliomba mahali tulivu ambapo wanafunzi wangeweza kufanya kazi.',
  Russian:
    'Комиссия собралась в четверг, чтобы обсудить, как оплатить новую библиотеку. Никто не ожидал, что решение займёт столько времени, но заседание продолжалось до полуночи. Одни хотели большой читальный зал, другие просили тихие места, где студенты могли бы работать. Напиши краткое изложение отчёта и объясни, какие доводы кажутся тебе убедительными.',
  Ukrainian:
    'Комісія зібралася в четвер, щоб обговорити фінансування нової бібліотеки. Ніхто не очікував, що рішення забере стільки часу, але засідання тривало до півночі. Одні хотіли більшу читальну залу, інші просили тихі місця, де студенти могли б працювати.',
  Greek:
    'Η επιτροπή συνεδρίασε την Πέμπτη για να συζητήσει πώς θα πληρωθεί η νέα βιβλιοθήκη. Κανείς δεν περίμενε ότι η απόφαση θα έπαιρνε τόση ώρα, αλλά η συνεδρίαση κράτησε μέχρι τα μεσάνυχτα. Μερικά μέλη ήθελαν μεγαλύτερο αναγνωστήριο, άλλα ζητούσαν ήσυχα μέρη για τους φοιτητές.',
  Arabic:
    'اجتمعت اللجنة يوم الخميس لمناقشة كيفية تمويل المكتبة الجديدة. لم يتوقع أحد أن يستغرق القرار كل هذا الوقت، لكن الاجتماع استمر حتى منتصف الليل. أراد بعض الأعضاء قاعة قراءة أكبر، وطلب آخرون أماكن هادئة يستطيع الطلاب العمل فيها. اكتب ملخصا قصيرا للتقرير.',
  Persian:
    'کمیته روز پنجشنبه برای گفتگو درباره هزینه کتابخانه جدید تشکیل جلسه داد. هیچ کس انتظار نداشت که تصمیم‌گیری این همه طول بکشد، اما جلسه تا نیمه شب ادامه یافت. برخی از اعضا سالن مطالعه بزرگ‌تری می‌خواستند و دیگران جاهای آرام برای کار دانشجویان.',
  Hebrew:
    'הוועדה התכנסה ביום חמישי כדי לדון במימון הספרייה החדשה. איש לא ציפה שההחלטה תימשך זמן רב כל כך, אבל הישיבה נמשכה עד חצות. כמה חברים רצו אולם קריאה גדול יותר, ואחרים ביקשו מקומות שקטים שבהם יוכלו הסטודנטים לעבוד.',
  Hindi:
    'समिति की बैठक गुरुवार को हुई ताकि नए पुस्तकालय के खर्च पर चर्चा की जा सके। किसी ने नहीं सोचा था कि निर्णय में इतना समय लगेगा, लेकिन बैठक आधी रात तक चलती रही। कुछ सदस्य बड़ा वाचनालय चाहते थे, दूसरे छात्रों के काम करने के लिए शांत जगह माँग रहे थे।',
  Bengali:
    'নতুন গ্রন্থাগারের খরচ কীভাবে মেটানো হবে তা নিয়ে আলোচনা করতে কমিটি বৃহস্পতিবার বৈঠকে বসেছিল। কেউ ভাবেনি যে সিদ্ধান্ত নিতে এত সময় লাগবে, কিন্তু বৈঠক মধ্যরাত পর্যন্ত চলেছিল। কিছু সদস্য বড় পাঠকক্ষ চেয়েছিলেন।',
  Tamil:
    'புதிய நூலகத்திற்கு எவ்வாறு பணம் செலுத்துவது என்று விவாதிக்க குழு வியாழக்கிழமை கூடியது. முடிவு எடுக்க இவ்வளவு நேரம் ஆகும் என்று யாரும் எதிர்பார்க்கவில்லை, ஆனால் கூட்டம் நள்ளிரவு வரை நீடித்தது.',
  Telugu:
    'కొత్త గ్రంథాలయానికి ఎలా చెల్లించాలో చర్చించడానికి కమిటీ గురువారం సమావేశమైంది. నిర్ణయానికి ఇంత సమయం పడుతుందని ఎవరూ అనుకోలేదు, కానీ సమావేశం అర్ధరాత్రి వరకు కొనసాగింది.',
  Thai:
    'คณะกรรมการประชุมกันในวันพฤหัสบดีเพื่อหารือเรื่องค่าใช้จ่ายของห้องสมุดแห่งใหม่ ไม่มีใครคาดคิดว่าการตัดสินใจจะใช้เวลานานขนาดนี้ แต่การประชุมดำเนินไปจนถึงเที่ยงคืน สมาชิกบางคนต้องการห้องอ่านหนังสือที่ใหญ่กว่า',
  Georgian:
    'კომიტეტი ხუთშაბათს შეიკრიბა, რათა განეხილა ახალი ბიბლიოთეკის დაფინანსება. არავინ ელოდა, რომ გადაწყვეტილებას ამდენი დრო დასჭირდებოდა, მაგრამ სხდომა შუაღამემდე გაგრძელდა.',
  Armenian:
    'Հանձնաժողովը հավաքվեց հինգշաբթի օրը՝ քննարկելու նոր գրադարանի ֆինանսավորումը։ Ոչ ոք չէր սպասում, որ որոշումն այդքան երկար կտևի, բայց նիստը շարունակվեց մինչև կեսգիշեր։',
  Amharic: 'ኮሚቴው ሐሙስ ዕለት ስለ አዲሱ ቤተ መጻሕፍት ክፍያ ለመወያየት ተሰብስቦ ነበር። ውሳኔው ይህን ያህል ጊዜ ይወስዳል ብሎ ማንም አልጠበቀም፤ ስብሰባው ግን እስከ እኩለ ሌሊት ቀጠለ።',
  Korean:
    '위원회는 새 도서관의 비용을 어떻게 마련할지 논의하기 위해 목요일에 모였다. 아무도 결정이 그렇게 오래 걸릴 것이라고 예상하지 못했지만 회의는 자정까지 계속되었다. 어떤 위원들은 더 큰 열람실을 원했고 다른 위원들은 학생들이 공부할 수 있는 조용한 장소를 요청했다. 다음 보고서를 짧게 요약해 주세요.',
  Japanese:
    '委員会は木曜日に集まり、新しい図書館の費用をどのように負担するかを話し合いました。決定にこれほど時間がかかるとは誰も思っていませんでしたが、会議は真夜中まで続きました。もっと広い閲覧室を望む委員もいれば、学生が静かに勉強できる場所を求める委員もいました。次の報告書を短くまとめてください。',
  Chinese:
    '委员会星期四开会,讨论新图书馆的费用应该由谁来承担。没有人想到这个决定会花这么长时间,会议一直开到半夜。有些成员希望阅览室更大一些,另一些人则要求给学生安静的学习场所。请写一份简短的报告摘要,列出主要论点,并说明你认为哪些有说服力。我的祖母每个星期六早上都会烤面包。',
  'Traditional Chinese':
    '委員會星期四開會,討論新圖書館的費用應該由誰來承擔。沒有人想到這個決定會花這麼長時間,會議一直開到半夜。有些成員希望閱覽室更大一些,另一些人則要求給學生安靜的學習場所。請寫一份簡短的報告摘要,並說明你認為哪些有說服力。',
};
