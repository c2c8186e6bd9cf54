/** What people write to each queue: openings that say it plainly, and ones that could mean several things. */
export const QUEUES = {
  billing: {
    plain: [
      'I was charged twice for invoice',
      'Please send me a copy of invoice',
      'The amount on my bill is wrong:',
      'Meine Rechnung stimmt nicht:',
      'Me han cobrado dos veces:',
    ],
    vague: ['Something is off with what I paid,', 'I do not understand this amount,', 'Da stimmt etwas nicht,'],
  },
  delivery: {
    plain: [
      'Where is my parcel',
      'My delivery has not arrived:',
      'The courier left the parcel in the rain,',
      'Wo bleibt meine Lieferung',
      '¿Dónde está mi paquete',
    ],
    vague: ['I am still waiting,', 'Nothing has come,', 'Es ist immer noch nichts da,'],
  },
  returns: {
    plain: [
      'I want to return my order',
      'How do I send this back,',
      'Please take back the item of order',
      'Ich möchte zurücksenden:',
      'Quiero devolver el pedido',
    ],
    vague: ['It does not fit,', 'This is not what I ordered,', 'Das ist nicht das Richtige,'],
  },
  technical: {
    plain: [
      'The app crashes when I open order',
      'I cannot log in,',
      'Error code on your website:',
      'Die App stürzt ab bei',
      'La aplicación no abre',
    ],
    vague: ['It does not work,', 'Nothing happens when I click,', 'Es geht nicht,'],
  },
  sales: {
    plain: [
      'Do you offer a discount for',
      'I would like a quote for',
      'What does it cost to buy',
      'Ich hätte gern ein Angebot für',
      '¿Cuánto cuesta',
    ],
    vague: ['I have a question about your products,', 'Tell me more,', 'Ich habe eine Frage,'],
  },
  complaint: {
    plain: [
      'I want to make a formal complaint about',
      'I am going to the ombudsman over',
      'Hiermit beschwere ich mich förmlich über',
      'Quiero poner una reclamación por',
    ],
    vague: ['This is the third time,', 'Nobody helps me,', 'Ich bin sehr enttäuscht,'],
  },
  fraud: {
    plain: [
      'I did not make this payment:',
      'Somebody used my card for',
      'My account was hacked,',
      'Ich habe das nicht bezahlt, jemand hat meine Karte:',
      'Alguien usó mi tarjeta para',
    ],
    vague: ['I do not recognise this payment,', 'I was charged and do not know why,', 'Was ist das für eine Zahlung,'],
  },
  privacy: {
    plain: [
      'Delete all my personal data,',
      'Which data do you hold about me,',
      'I withdraw my consent,',
      'Bitte löschen Sie meine Daten,',
      'Borren mis datos personales,',
    ],
    vague: ['Take me off your list,', 'How did you get my address,', 'Woher haben Sie meine Nummer,'],
  },
};

export const TAILS = [
  'please help.',
  'thanks in advance.',
  'I have been a customer for years.',
  'the invoice was paid on time.',
  'the parcel came yesterday.',
  'I already called twice.',
  'bitte um Rückmeldung.',
  'my card ends with',
  'I tried the app and the website.',
  'gracias.',
  'I want my money back.',
  'my order number is',
];
