import type { Domain } from '../made/vocabulary.ts'

export const TECHNOLOGY: readonly Domain[] = [
  {
    about: 'names and zones of the DNS',
    services: ['dns', 'nameservers', 'zonefile'],
    resources: [
      'dns_record: zone, type=A/AAAA/CNAME/MX/TXT, value, ttl_seconds#, proxied?',
      'zone: registrar, signed?, serial#, expires_on@, nameservers*',
      'domain_transfer: zone, state=pending/approved/rejected, started_on@, auth_code',
      'lookup: host, resolver, type=A/AAAA/CNAME/MX/TXT, milliseconds#, authenticated?',
      'zone_template: records#, label, shared?, updated_on@',
      'glue_record: host, ipv4, ipv6, registry, synced?',
    ],
    notes: [
      'Changes are live on all name servers after about a minute; caches keep the old value for its time to live.',
      'Names end without a dot unless they are absolute.',
      'A signed zone signs itself again after every change.',
    ],
  },
  {
    about: 'certificates',
    services: ['certificates', 'pki', 'sealworks'],
    resources: [
      'tls_certificate: common_name, issuer, expires_on@, key=rsa/ecdsa/ed25519, wildcard?, names*',
      'signing_request: subject, key_bits#, created_on@, approved?, challenge=dns/http',
      'revocation: serial, reason=compromise/superseded/ceased, on@, published?',
      'trust_anchor: fingerprint, valid_until@, platforms*, distrusted?',
      'renewal_plan: days_before#, retries#, hook, enabled?',
      'transparency_entry: serial, logged_on@, index#, precertificate?',
    ],
    notes: [
      'Private keys never leave the machine where they were made.',
      'Renewals begin a third of the lifetime before the end.',
      'Serials are in hexadecimal without colons.',
    ],
  },
  {
    about: 'sensors and devices',
    services: ['sensors', 'devicehub', 'telemetrybox'],
    resources: [
      'sensor: quantity=temperature/humidity/pressure/light, unit, site, battery_percent#, online?',
      'reading: sensor, value#, at@, quality=good/suspect/bad, sequence#',
      'gateway_device: site, firmware, uplink=lan/lte/lora, sensors#, last_seen_on@',
      'device_group: label, devices#, policy, parent, locked?',
      'firmware_rollout: build, percent#, started_on@, paused?, failures#',
      'provisioning_key: label, uses_left#, expires_on@, site, revoked?',
    ],
    notes: [
      'Readings arrive at least once and are told apart by their sequence.',
      'Devices behind a LoRa gateway can be sent to only after they have spoken.',
      'A rollout stops by itself when one device in twenty has failed.',
    ],
  },
  {
    about: 'backups',
    services: ['backups', 'snapshots', 'coldstore'],
    resources: [
      'backup: source, size_gb#, taken_on@, kind=full/incremental/mirror, verified?',
      'backup_plan: cron, retention_days#, target, enabled?, encrypted?',
      'restore_run: backup, target, started_on@, gigabytes#, state=queued/running/done/failed',
      'vault: region, used_gb#, immutable_days#, sealed?, provider',
      'restore_drill: plan, minutes#, passed?, on@, witness',
      'retention_hold: reason, until@, vaults*, placed_by',
    ],
    notes: [
      'An incremental one is useless without the full one before it, so both are kept together.',
      'Nothing can be removed from a sealed vault, by nobody.',
      'Sizes are after compression.',
    ],
  },
  {
    about: 'feature flags',
    services: ['flags', 'toggles', 'rollouts'],
    resources: [
      'feature_flag: key, default_on?, owner, created_on@, kind=release/experiment/kill_switch',
      'flag_rule: feature_flag, percent#, attribute, operator=equals/contains/above/below, position#',
      'segment: label, members#, attribute, dynamic?',
      'flag_environment: label, protected?, sdk_key, flags#',
      'experiment: feature_flag, variants*, confidence_percent#, started_on@, decided?',
      'stale_flag: feature_flag, unchanged_days#, evaluations#, removable?',
    ],
    notes: [
      'Rules are tried from the top, and the first that fits decides.',
      'Percentages are sticky: whoever was in stays in while they grow.',
      'Protected environments need a second pair of eyes.',
    ],
  },
  {
    about: 'office printers and scanners',
    services: ['printers', 'printroom', 'scanstation'],
    resources: [
      'office_printer: floor#, model, toner_percent#, duplex?, state=ready/jammed/offline',
      'print_queue: office_printer, jobs#, paused?, pages_waiting#, policy=private/open',
      'scan_profile: dpi#, colour?, target, format=pdf/tiff/png, duplex?',
      'toner: colour=black/cyan/magenta/yellow, pages_left#, part_number, spare?',
      'page_quota: department, pages#, used#, resets_on@, hard_limit?',
      'paper_tray: office_printer, size=a4/a3/letter, sheets#, heavy?',
    ],
    notes: [
      'Private jobs wait for the badge and are thrown away after a day.',
      'Toner is estimated from the pages and may be off by a tenth.',
      'Quotas begin anew on the first of the month.',
    ],
  },
  {
    about: 'barcodes and labels',
    services: ['barcodes', 'labels', 'tagprint'],
    resources: [
      'barcode: symbology=ean13/code128/qr/datamatrix, payload, width_mm#, quiet_zone?, checked?',
      'label_template: width_mm#, height_mm#, variables*, dpi#, language',
      'label_run: label_template, copies#, printed_on@, operator, wasted#',
      'scan_test: barcode, grade=A/B/C/D/F, scanner, contrast_percent#, tested_on@',
      'number_range: prefix, from_number#, to_number#, used_percent#, closed?',
      'label_roll: material=paper/film/textile, metres_left#, adhesive, core_mm#',
    ],
    notes: [
      'Check digits are computed and must not be given.',
      'Below three hundred dots an inch a data matrix cannot be relied on.',
      'Numbers of a closed range are never handed out again.',
    ],
  },
  {
    about: 'random numbers, units and maths',
    services: ['mathbox', 'units', 'calculator'],
    resources: [
      'expression: formula, precision#, variables*, exact?, angle=degrees/radians',
      'unit_conversion: value#, from_unit, to_unit, significant_digits#, system=metric/imperial',
      'matrix: rows#, columns#, symmetric?, determinant#, label',
      'distribution: family=normal/uniform/poisson/binomial, mean#, deviation#, samples#',
      'plot_curve: formula, from_x#, to_x#, points#, logarithmic?',
      'constant: symbol, value#, unit, uncertainty#, revised_on@',
    ],
    notes: [
      'Results are exact where that is possible and otherwise have fifteen digits.',
      'Units are written as in the international system; plurals are understood.',
      'A seed gives the same numbers on every machine.',
    ],
  },
]
