import { updateProfileAction } from "@/app/admin/users/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import type { UserDetail } from "@/lib/users/list-users";

const PROVIDERS: Record<string, string> = { google: "Google", github: "GitHub" };

function signInMethods({ hasPassword, providers }: UserDetail): string {
  const methods = [
    ...(hasPassword ? ["Password"] : []),
    ...providers.map((provider) => PROVIDERS[provider] ?? provider),
  ];
  return methods.length === 0 ? "None yet" : methods.join(", ");
}

/** Who the user is, to be changed by those who may. */
export function ProfileSection({ user, editable }: { user: UserDetail; editable: boolean }) {
  return (
    <Section title="Profile">
      {editable && (
        <ActionForm
          action={updateProfileAction}
          aria-label={`Profile of ${user.email}`}
          className="mb-6 max-w-md"
        >
          <input type="hidden" name="id" value={user.id} />
          <TextField
            name="email"
            label="Email"
            type="email"
            autoComplete="off"
            defaultValue={user.email}
            hint="A new address counts as confirmed, and the former one is told."
            required
          />
          <TextField
            name="name"
            label="Name"
            autoComplete="off"
            maxLength={100}
            defaultValue={user.name ?? ""}
            optional
          />
          <div>
            <SubmitButton>Save</SubmitButton>
          </div>
        </ActionForm>
      )}
      <DescriptionList
        items={[
          ...(editable
            ? []
            : [
                { term: "Email", value: user.email },
                { term: "Name", value: user.name ?? "–" },
              ]),
          { term: "Signs in with", value: signInMethods(user) },
          { term: "Created", value: <AbsoluteTime value={user.createdAt} /> },
          {
            term: "Last sign-in",
            value:
              user.lastSignInAt === null ? "Never" : <AbsoluteTime value={user.lastSignInAt} />,
          },
          { term: "Id", value: <Code>{user.id}</Code> },
        ]}
      />
    </Section>
  );
}
