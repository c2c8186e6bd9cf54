/** What documents say in each language, in the spellings that are met; the first spelling is the most frequent. */
export const LANGUAGES = ['en', 'de', 'fr', 'es'];

export const NAMES = {
  en: ['Ashford', 'Brightwell', 'Caldwell', 'Northgate', 'Penrose', 'Redmayne', 'Sterling', 'Whitcombe', 'Kingsley', 'Harrow'],
  de: ['Bergmann', 'Falkenstein', 'Grünewald', 'Hartwig', 'Lindner', 'Nordhaus', 'Steinbach', 'Vogel', 'Zimmer', 'Osterkamp'],
  fr: ['Aubert', 'Beaumont', 'Chevalier', 'Delacroix', 'Fontaine', 'Garnier', 'Lefèvre', 'Mercier', 'Rousseau', 'Vasseur'],
  es: ['Aguilar', 'Benítez', 'Castaño', 'Domínguez', 'Escudero', 'Ferrer', 'Montero', 'Navarro', 'Quintana', 'Salazar'],
};

export const TRADES = {
  en: ['Office Supplies', 'Logistics', 'Catering', 'Engineering', 'Print & Copy', 'Tools'],
  de: ['Bürobedarf', 'Spedition', 'Gastronomie', 'Maschinenbau', 'Druckerei', 'Werkzeuge'],
  fr: ['Fournitures', 'Transports', 'Traiteur', 'Mécanique', 'Imprimerie', 'Outillage'],
  es: ['Suministros', 'Transportes', 'Restauración', 'Ingeniería', 'Imprenta', 'Herramientas'],
};

export const FORMS = { en: ['Ltd', 'PLC', 'LLP'], de: ['GmbH', 'AG', 'KG'], fr: ['SARL', 'SAS', 'SA'], es: ['S.L.', 'S.A.'] };

export const TITLES = {
  invoice: { en: 'INVOICE', de: 'RECHNUNG', fr: 'FACTURE', es: 'FACTURA' },
  receipt: { en: 'RECEIPT', de: 'QUITTUNG', fr: 'TICKET', es: 'TIQUE' },
  order: { en: 'PURCHASE ORDER', de: 'BESTELLUNG', fr: 'BON DE COMMANDE', es: 'PEDIDO' },
};

export const LABELS = {
  number: {
    invoice: {
      en: ['Invoice No', 'Invoice number', 'Inv. #', 'Document'],
      de: ['Rechnungsnummer', 'Rechnungs-Nr.', 'Rg.-Nr.', 'Beleg'],
      fr: ['Facture N°', 'N° de facture', 'Réf. facture'],
      es: ['Factura N.º', 'Número de factura', 'Nº fra.'],
    },
    receipt: { en: ['Receipt', 'Ticket'], de: ['Bon-Nr.', 'Beleg-Nr.'], fr: ['Ticket n°'], es: ['Tique n.º', 'Ticket'] },
    order: {
      en: ['PO Number', 'Order No', 'PO'],
      de: ['Bestellnummer', 'Bestell-Nr.'],
      fr: ['N° de commande', 'Commande'],
      es: ['N.º de pedido', 'Pedido'],
    },
  },
  date: {
    en: ['Date', 'Invoice date', 'Issued', 'Date of issue'],
    de: ['Datum', 'Rechnungsdatum', 'Ausgestellt am', 'Belegdatum'],
    fr: ['Date', 'Date de facture', 'Émise le'],
    es: ['Fecha', 'Fecha de emisión', 'Expedida el'],
  },
  tax_number: {
    en: ['VAT No', 'VAT Reg. No.', 'VAT ID'],
    de: ['USt-IdNr.', 'USt-ID', 'UID'],
    fr: ['N° TVA', 'TVA intracom.', 'Id. TVA'],
    es: ['NIF-IVA', 'N.I.F.', 'NIF'],
  },
  iban: { en: ['IBAN', 'Account'], de: ['IBAN', 'Konto'], fr: ['IBAN', 'Compte'], es: ['IBAN', 'Cuenta'] },
  total: {
    en: ['Total', 'Amount due', 'Total due', 'Grand total'],
    de: ['Gesamtbetrag', 'Rechnungsbetrag', 'Zu zahlen', 'Endbetrag'],
    fr: ['Total TTC', 'Montant total', 'Net à payer'],
    es: ['Total', 'Importe total', 'Total a pagar'],
  },
  vat: { en: ['VAT', 'VAT amount'], de: ['MwSt.', 'USt.', 'Umsatzsteuer'], fr: ['TVA', 'Montant TVA'], es: ['IVA', 'Cuota IVA'] },
};

/** What stands beside the values and looks like them. */
export const DECOYS = {
  net: { en: ['Subtotal', 'Net'], de: ['Zwischensumme', 'Netto'], fr: ['Total HT', 'Sous-total'], es: ['Base imponible', 'Subtotal'] },
  due: { en: ['Due date', 'Payable by'], de: ['Fällig am', 'Zahlbar bis'], fr: ['Échéance'], es: ['Vencimiento'] },
  delivery: { en: ['Delivery date'], de: ['Lieferdatum'], fr: ['Date de livraison'], es: ['Fecha de entrega'] },
  reference: { en: ['Your ref', 'Order No'], de: ['Ihr Zeichen', 'Auftrag'], fr: ['Votre réf.'], es: ['Su ref.'] },
  customer: { en: ['Bill to', 'Customer'], de: ['Kunde', 'Rechnung an'], fr: ['Client', 'Facturé à'], es: ['Cliente'] },
  customerTax: { en: ['Customer VAT No'], de: ['USt-IdNr. Kunde'], fr: ['N° TVA client'], es: ['NIF cliente'] },
  paid: { en: ['Deposit paid'], de: ['Anzahlung'], fr: ['Acompte versé'], es: ['Anticipo'] },
  oldAccount: { en: ['Former IBAN'], de: ['Alte IBAN'], fr: ['Ancien IBAN'], es: ['IBAN anterior'] },
};

export const MONTHS = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  de: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  es: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
};
