import {
  Activity,
  AppWindow,
  Building2,
  ClipboardCheck,
  Code,
  Database,
  FlaskConical,
  Globe,
  House,
  Inbox,
  KeyRound,
  KeySquare,
  type LucideIcon,
  Mail,
  MonitorSmartphone,
  Network,
  Plug,
  ReceiptText,
  Scale,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Tag,
  UserRound,
  UserRoundCog,
  Users,
} from "lucide-react";

/** Icons by name, because a server page can hand a name to a client component, but no function. */
const ICONS = {
  home: House,
  invoices: ReceiptText,
  profile: UserRound,
  security: ShieldCheck,
  sessions: MonitorSmartphone,
  apps: AppWindow,
  activity: Activity,
  data: Database,
  admin: SlidersHorizontal,
  users: Users,
  roles: UserRoundCog,
  reviews: ClipboardCheck,
  requests: Inbox,
  duties: Scale,
  teams: Network,
  policies: ScrollText,
  access: Scale,
  simulate: FlaskConical,
  organizations: Building2,
  clients: AppWindow,
  domains: Globe,
  connections: Plug,
  keys: KeyRound,
  tokens: KeySquare,
  claims: Tag,
  audit: ScrollText,
  mail: Mail,
  developers: Code,
} as const satisfies Record<string, LucideIcon>;

export type NavIconName = keyof typeof ICONS;

export function NavIcon({ name, className }: { name: NavIconName; className?: string }) {
  const Icon = ICONS[name];
  return <Icon aria-hidden="true" className={className} />;
}
